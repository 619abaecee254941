# SPDX-License-Identifier: MIT-0
"""One execution: subclasses of moto's execution, worker, environment and history.

moto takes them by its own seams. Imports moto, and local/step_functions/callback_task and services.
"""
