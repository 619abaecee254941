# SPDX-License-Identifier: MIT-0
"""The console's pages, forms and streams, without a browser."""
