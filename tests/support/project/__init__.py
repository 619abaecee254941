# SPDX-License-Identifier: MIT-0
"""The project's files as tests read them: documents, imports, patches and schemas."""
