# SPDX-License-Identifier: MIT-0
"""Lambda's API: the rules of Invoke, and the calls about functions and versions.

Imports durable, functions, iam, quotas, clocks, service_models, patching, environment and
retention.
"""
