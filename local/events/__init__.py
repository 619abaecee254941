# SPDX-License-Identifier: MIT-0
"""Events and where they go: rules, subscriptions, destinations, dead-letter queues.

Every delivery is a call of the target's own API, signed by the service or the role that delivers.

Imports lambda_, functions, iam, clocks, errors, patching and environment.
"""
