# SPDX-License-Identifier: MIT-0
"""How a request reaches the gateway: over HTTP, or from a client of the same process.

Imports werkzeug and botocore; of this project, error_response beside it alone.
"""
