# SPDX-License-Identifier: MIT-0
"""Patches of moto's SNS: subscriptions that deliver to functions and queues, as policies allow.

Not imported before there is a call of SNS: an app that has no topic need not load moto's.
"""

import logging
from typing import Any

from moto.sns.models import Subscription

from ..patching import replacing
from .patches import current_delivery_queue
from .subscriptions import delivery

_log = logging.getLogger(__name__)
DELIVERED = frozenset({"lambda", "sqs"})


@replacing(
    Subscription,
    "publish",
    gap="A topic sends to queues without asking their policies.",
    probe="topic_asks_no_policy_of_a_queue",
)
@replacing(
    Subscription,
    "publish",
    gap="A topic sends to moto's own functions alone.",
    probe="topic_invokes_functions_of_moto",
)
def _publish(
    self: Subscription,
    message: str,
    message_id: str,
    subject: str | None = None,
    message_attributes: dict[str, Any] | None = None,
    group_id: str | None = None,
    deduplication_id: str | None = None,
    message_structure: str | None = None,
) -> None:
    matcher = self._filter_policy_matcher
    if matcher is not None and not matcher.matches(message_attributes, message):
        return
    if message_structure == "json":
        message = self._parse_message_structure(message, self.protocol)
    if self.protocol not in DELIVERED:
        _log.warning("%s: nothing is delivered by %s here", self.arn, self.protocol)
        return
    notification = self.get_post_data(message, message_id, subject, message_attributes)
    current_delivery_queue().submit(delivery(self, notification, group_id, deduplication_id))
