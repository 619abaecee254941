# SPDX-License-Identifier: MIT-0
"""The operations on tags: only what exists has any."""

from moto.core.responses import ActionResult
from moto.stepfunctions.exceptions import ResourceNotFound
from moto.stepfunctions.responses import StepFunctionResponse


class TagOperations(StepFunctionResponse):
    """moto's operations on tags, with the service's check of the resource."""

    def tag_resource(self) -> ActionResult:
        self._require_resource()
        return super().tag_resource()

    def untag_resource(self) -> ActionResult:
        self._require_resource()
        return super().untag_resource()

    def list_tags_for_resource(self) -> ActionResult:
        self._require_resource()
        return super().list_tags_for_resource()

    def _require_resource(self) -> None:
        """Refuse tags of what does not exist.

        Raises:
            ResourceNotFound: there is neither a state machine nor an activity of that ARN
        """
        arn, backend = self._get_param("resourceArn"), self.stepfunction_backend
        if arn not in backend.activities and backend.find_machine(arn) is None:
            raise ResourceNotFound(arn)
