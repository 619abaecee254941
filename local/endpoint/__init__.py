# SPDX-License-Identifier: MIT-0
"""The one address on 127.0.0.1: the server, the gateway to each service, and authorization.

Imports the packages of the services: step_functions, events, lambda_, durable, functions and iam.
"""
