# SPDX-License-Identifier: MIT-0
"""The resource types of services that moto serves, created by calls of the services' own APIs.

moto's CloudFormation models are used for the rest (models.py): where a service's API can do it, an
update changes the resource and keeps what is in it, which moto's models do not.

Imports access and delete_call of the types, resource and templates of cloudformation, endpoint,
errors and environment.
"""
