# SPDX-License-Identifier: MIT-0
"""Templates: their intrinsic functions, parameters, and the values of names.

Imports local/errors alone, so that all of it can be tested without an endpoint.
"""
