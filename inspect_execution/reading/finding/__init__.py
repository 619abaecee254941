# SPDX-License-Identifier: MIT-0
"""Which executions an argument names: of a state machine the failed or the running ones, and of a
durable execution the one that started it.

Imports aws_api, execution_arn and recorder of reading, histories, errors and text.
"""
