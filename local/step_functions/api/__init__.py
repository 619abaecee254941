# SPDX-License-Identifier: MIT-0
"""Step Functions' API: how requests are checked, and what responses contain."""
