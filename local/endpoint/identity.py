# SPDX-License-Identifier: MIT-0
"""GetCallerIdentity: which role or user a key is of. moto knows no key of a role."""

from moto.core.serialize import QuerySerializer
from moto.core.utils import get_service_model
from werkzeug.wrappers import Response

from ..environment import environment
from ..iam.caller import Caller

GET_CALLER_IDENTITY = "GetCallerIdentity"
# moto answers the other operations of STS, too, with credentials that belong to no role.
STS_OPERATIONS = frozenset({"AssumeRole", GET_CALLER_IDENTITY})


def caller_identity(caller: Caller) -> Response:
    """The answer to a role or a user."""
    operation = get_service_model("sts").operation_model(GET_CALLER_IDENTITY)
    arn = caller.shown
    result = {"Account": environment().account, "Arn": arn, "UserId": arn.rsplit("/", 1)[-1]}
    answer = QuerySerializer(operation).serialize(result)
    return Response(answer["body"], answer["status_code"], answer["headers"])
