# SPDX-License-Identifier: MIT-0
"""The one address: who may call what, and what is answered."""
