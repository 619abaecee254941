# SPDX-License-Identifier: MIT-0
"""The real assembly on the local endpoint: folders mirror local/, docs runs the pages' commands."""
