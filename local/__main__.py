# SPDX-License-Identifier: MIT-0
"""`python -m local`: no traceback reaches the user, and no process outlives the command."""

import gc
import os
import sys

from inspect_execution.program import run_program


def main() -> int:
    return run_program("local", _execute)


def _execute() -> int:
    # What is imported stays: looking through it for garbage takes a tenth of the time.
    gc.disable()
    # Only here: importing the engines takes long enough to be interrupted.
    from .commands.arguments import parse_arguments

    command = parse_arguments()
    gc.freeze()
    gc.enable()
    try:
        return command.execute()
    finally:
        # What is left ends with the process: Python would look through all of it.
        gc.freeze()


def _leave_account() -> None:
    """Forget the user's profile and files: nothing here needs an account, and botocore raises an
    error if a profile does not exist or a file cannot be parsed.
    """
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        os.environ.pop(name, None)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        os.environ[name] = os.devnull


if __name__ == "__main__":
    _leave_account()
    sys.exit(main())
