# SPDX-License-Identifier: MIT-0
"""The site: what all pages of one console share."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from werkzeug.wrappers import Request, Response

from inspect_execution.reading.following_api import FollowingApi

from ..endpoint.endpoint import Endpoint
from ..endpoint.reading import aws_api
from .costs import Costs

# Pages that are kept up to date at once: each has a connection and a thread.
MAX_STREAMS = 16


@dataclass
class Site:
    """The endpoint that is shown, and what the pages keep.

    Args:
        example_input: the input that the form of an execution begins with
        csrf: a page of another origin does not know it, and can post nothing without it
    """

    endpoint: Endpoint
    example_input: Callable[[], str]
    streams: threading.Semaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(MAX_STREAMS)
    )
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def api(self) -> FollowingApi:
        """AWS's API for one reader of the same histories, again and again."""
        return aws_api(self.endpoint, stays_up=True)

    @cached_property
    def costs(self) -> Costs:
        return Costs(lambda: self.api)


View = Callable[[Site, Request], Response]
