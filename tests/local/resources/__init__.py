# SPDX-License-Identifier: MIT-0
"""Resource types of the services that moto serves, and the permissions that their calls need."""
