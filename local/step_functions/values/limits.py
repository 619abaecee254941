# SPDX-License-Identifier: MIT-0
"""Limits of the service that more than one module needs."""

# Input, output and result of a state, task or execution, as JSON in UTF-8.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
MAX_DATA_BYTES = 262_144
# https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
MAX_DEFINITION_CHARACTERS = 1_048_576
