# SPDX-License-Identifier: MIT-0
"""The contract of callbacks, explored whole: every order of events, faults and answers.

The handlers' own modules run against doubles of Lambda and of Step Functions, whose answers an
explorer chooses.
"""
