# SPDX-License-Identifier: MIT-0
"""Templates: their intrinsic functions, parameters, and the values of names.

Imports errors alone. All of it can be tested without an endpoint.
"""
