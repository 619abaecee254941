# SPDX-License-Identifier: MIT-0
"""Validation of definitions: the findings for which the service refuses a state machine.

The wording of findings is the service's where it is documented or recorded.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html

Imports intrinsics, jsonata and values of step_functions.
"""
