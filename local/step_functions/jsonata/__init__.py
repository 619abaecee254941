# SPDX-License-Identifier: MIT-0
"""JSONata as Step Functions evaluates it: parsed once, values bound as values, limits, wordings.

`parse_expression` gives an Expression, `Expression.evaluate` its value; both raise EvaluationError.
`definition_findings` lists what the service refuses before anything is evaluated. The engine is
jsonata-python.

Imports patching, and nothing else of this project.
"""

from .errors import EvaluationError, NothingReturned
from .expression import MAX_DEPTH, MAX_SECONDS, Expression, parse_expression
from .findings import ExpressionFinding, definition_findings

__all__ = [
    "MAX_DEPTH",
    "MAX_SECONDS",
    "EvaluationError",
    "Expression",
    "ExpressionFinding",
    "NothingReturned",
    "definition_findings",
    "parse_expression",
]
