# SPDX-License-Identifier: MIT-0
"""One timeline of an execution across Step Functions and Lambda, over AWS's public API alone.

The command line imports the packages, which import downwards only: terminal, page and
json_document import model, reading and model import histories. The modules beside the packages
import none of them. Nothing here imports local.
"""
