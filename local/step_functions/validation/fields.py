# SPDX-License-Identifier: MIT-0
"""The fields of the Amazon States Language: where each is allowed, and which exclude each other.

https://states-language.net/spec.html
"""

JSON_PATH, JSONATA = "JSONPath", "JSONata"
QUERY_LANGUAGES = (JSON_PATH, JSONATA)


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMON = "Type Comment QueryLanguage"
_DATA = "InputPath OutputPath Output"
_NEXT = "Assign Next End"
_RESULT = "ResultPath Parameters ResultSelector Retry Catch"
STATE_FIELDS = {
    kind: _names(f"{_COMMON} {fields}")
    for kind, fields in {
        "Task": f"{_DATA} {_NEXT} {_RESULT} Arguments Resource Credentials TimeoutSeconds "
        "TimeoutSecondsPath HeartbeatSeconds HeartbeatSecondsPath",
        "Pass": f"{_DATA} {_NEXT} ResultPath Parameters Result",
        "Choice": f"{_DATA} Assign Choices Default",
        "Wait": f"{_DATA} {_NEXT} Seconds SecondsPath Timestamp TimestampPath",
        "Succeed": _DATA,
        "Fail": "Error ErrorPath Cause CausePath",
        "Parallel": f"{_DATA} {_NEXT} {_RESULT} Arguments Branches",
        "Map": f"{_DATA} {_NEXT} {_RESULT} ItemProcessor Iterator Items ItemsPath ItemSelector "
        "ItemReader ItemBatcher ResultWriter Label MaxConcurrency MaxConcurrencyPath "
        "ToleratedFailureCount ToleratedFailureCountPath ToleratedFailurePercentage "
        "ToleratedFailurePercentagePath",
    }.items()
}
MACHINE_FIELDS = _names("Comment QueryLanguage StartAt States TimeoutSeconds Version")
BRANCH_FIELDS = _names("Comment StartAt States")
PROCESSOR_FIELDS = BRANCH_FIELDS | {"ProcessorConfig"}
PROCESSOR_CONFIG_FIELDS = frozenset({"Mode", "ExecutionType"})
RETRY_FIELDS = _names(
    "Comment ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy"
)
CATCH_FIELDS = _names("Comment ErrorEquals Next ResultPath Output Assign")

# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
ERROR_PREFIX = "States."
RESERVED_ERRORS = frozenset(
    ERROR_PREFIX + name
    for name in [
        "ALL",
        "BranchFailed",
        "DataLimitExceeded",
        "ExceedToleratedFailureThreshold",
        "HeartbeatTimeout",
        "IntrinsicFailure",
        "ItemReaderFailed",
        "NoChoiceMatched",
        "ParameterPathFailure",
        "Permissions",
        "QueryEvaluationError",
        "ResultPathMatchFailure",
        "ResultWriterFailed",
        "Runtime",
        "TaskFailed",
        "Timeout",
    ]
)

REQUIRED_FIELDS = {"Task": ("Resource",), "Choice": ("Choices",), "Parallel": ("Branches",)}
EXCLUSIVE_FIELDS = (
    ("Next", "End"),
    ("TimeoutSeconds", "TimeoutSecondsPath"),
    ("HeartbeatSeconds", "HeartbeatSecondsPath"),
    ("MaxConcurrency", "MaxConcurrencyPath"),
    ("ToleratedFailureCount", "ToleratedFailureCountPath"),
    ("ToleratedFailurePercentage", "ToleratedFailurePercentagePath"),
    ("Error", "ErrorPath"),
    ("Cause", "CausePath"),
    ("ItemProcessor", "Iterator"),
    ("SecondsPath", "Seconds", "TimestampPath", "Timestamp"),
)
# Of these one is necessary, where the type has them.
NECESSARY_CHOICES = (EXCLUSIVE_FIELDS[0], EXCLUSIVE_FIELDS[-2], EXCLUSIVE_FIELDS[-1])

_JSON_PATH_ONLY = _names(
    "InputPath OutputPath ResultPath Parameters ResultSelector Result ItemsPath "
    "TimeoutSecondsPath HeartbeatSecondsPath MaxConcurrencyPath ToleratedFailureCountPath "
    "ToleratedFailurePercentagePath ErrorPath CausePath SecondsPath TimestampPath Variable "
    "And Or Not"
)
_JSONATA_ONLY = _names("Arguments Output Items Condition")
# By the language of a state, the fields that it may not have, and the language that has them.
FOREIGN_FIELDS = {
    JSON_PATH: (JSONATA, _JSONATA_ONLY),
    JSONATA: (JSON_PATH, _JSON_PATH_ONLY),
}

COMBINATIONS = ("And", "Or", "Not", "Variable", "Condition")
RULE_FIELDS = _names("Comment Next Output Assign") | set(COMBINATIONS)
OPERATORS = frozenset(
    f"{kind}{comparison}{path}"
    for kind in ("String", "Numeric", "Timestamp")
    for comparison in (
        "Equals",
        "LessThan",
        "GreaterThan",
        "LessThanEquals",
        "GreaterThanEquals",
    )
    for path in ("", "Path")
) | _names(
    "BooleanEquals BooleanEqualsPath StringMatches IsNull IsPresent IsNumeric IsString "
    "IsBoolean IsTimestamp"
)
