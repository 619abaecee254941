# SPDX-License-Identifier: MIT-0
"""The server-sent events that keep the page of an execution up to date, each stream bounded."""

import time
from collections.abc import Generator, Iterator
from dataclasses import replace

from werkzeug.exceptions import NotAcceptable
from werkzeug.wrappers import Request, Response

from inspect_execution.errors import InspectError
from inspect_execution.histories.recording import Recording
from inspect_execution.reading.aws_api import AwsApi

from ...endpoint.transport.server import EVENT_STREAM
from ...errors import error_without_data
from ..live import ALIVE, event, has_ended, live_data, view_now
from ..site import Site
from ..view import execution_has_changed, record_by_arn

POLL_SECONDS = 0.2
# What time itself changes: the right edge of the axis, and durations so far.
REFRESH_SECONDS = 2.0
HEARTBEAT_SECONDS = 5.0
# A browser connects again by itself.
STREAM_SECONDS = 300.0
# To read a long history must not be all that this machine does.
PAUSE_FACTOR, MAX_PAUSE_SECONDS = 3.0, 10.0


def stream(site: Site, request: Request) -> Response:
    """The events of one execution, until it has ended.

    Raises:
        NotAcceptable: the client does not ask for a stream: it would get all events at the end
    """
    if request.headers.get("Accept") != EVENT_STREAM:
        raise NotAcceptable(f"The events are for who accepts {EVENT_STREAM} alone")
    return Response(bounded_stream(site, request.args["arn"]), content_type=EVENT_STREAM)


def bounded_stream(site: Site, arn: str) -> Generator[bytes]:
    """The events, if there is a place for one more stream, which is given back at the end."""
    if not site.streams.acquire(blocking=False):
        yield event("full", {})
        return
    try:
        yield from _events(site, arn)
    except InspectError as error:
        yield event("gone", {"reason": str(error)})
    except Exception as error:
        yield event("gone", {"reason": f"the console failed: {error_without_data(error)}"})
    finally:
        site.streams.release()


def _events(site: Site, arn: str) -> Iterator[bytes]:
    api, deadline = site.api, time.monotonic() + STREAM_SECONDS
    recording: Recording | None = None
    sent = alive = looked_until = 0.0
    while (began := time.monotonic()) < deadline:
        may_look = began >= looked_until
        newest = _newest(api, arn, recording) if may_look else None
        if newest or (may_look and recording and began - sent > REFRESH_SECONDS):
            recording = newest or recording
            assert recording is not None
            view = view_now(site.endpoint, recording)
            yield event("view", live_data(site.endpoint, view))
            if has_ended(view):
                yield event("end", {})
                return
            sent = alive = time.monotonic()
            looked_until = sent + min(MAX_PAUSE_SECONDS, PAUSE_FACTOR * (sent - began))
        elif began - alive > HEARTBEAT_SECONDS:
            yield ALIVE
            alive = began
        time.sleep(POLL_SECONDS)


def _newest(api: AwsApi, arn: str, known: Recording | None) -> Recording | None:
    """Another recording, if it holds more than the known one."""
    if known is None:
        return record_by_arn(api, arn)
    if not execution_has_changed(api, arn, known):
        return None
    # It may only have been possible that there is more: a task can start a durable execution.
    newest = record_by_arn(api, arn)
    return None if replace(newest, read_at=known.read_at) == known else newest
