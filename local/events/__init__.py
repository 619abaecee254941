# SPDX-License-Identifier: MIT-0
"""Events and where they go: rules, subscriptions, destinations, dead-letter queues.

Whatever is delivered is a call of the target's own API, signed by the service or the role that
delivers it. Imports lambda_, functions, iam and patching.
"""
