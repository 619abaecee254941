# SPDX-License-Identifier: MIT-0
"""The template, the handlers with AWS's test runner, and pure functions: no sockets."""
