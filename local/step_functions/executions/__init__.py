# SPDX-License-Identifier: MIT-0
"""One execution: subclasses of moto's execution, worker, environment and history.

moto takes them by its own seams. Imports moto; activities, callback_task and services of
step_functions, patching and errors.
"""
