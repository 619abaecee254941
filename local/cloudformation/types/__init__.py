# SPDX-License-Identifier: MIT-0
"""The resource types that can be deployed, one module a service.

Imports local/cloudformation's resource and physical_resource, endpoint, and the services.
"""
