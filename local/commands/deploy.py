# SPDX-License-Identifier: MIT-0
"""`python -m local deploy`: deploys to an endpoint that is up."""

import http.client
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..cloudformation.synthesis import synthesize
from ..endpoint.gateway import DEPLOY_HEADER, DEPLOY_PATH
from ..environment import PROJECT
from ..errors import UsageError

DEPLOY_DEADLINE_SECONDS = 60


@dataclass(frozen=True)
class DeployOptions:
    """The options of the command line."""

    assembly: Path | None
    endpoint_url: str

    def execute(self) -> int:
        return deploy(self)


def deploy(options: DeployOptions) -> int:
    """Deploy to an endpoint that is up: new versions, while executions go on on theirs.

    Raises:
        UsageError: nothing answers there, or the app cannot be synthesized or deployed
    """
    _require_address(options.endpoint_url)
    directory = options.assembly or synthesize(PROJECT / "cdk.out")
    try:
        # The endpoint resolves links, and refuses what is no path of a directory.
        request = urllib.request.Request(
            options.endpoint_url.rstrip("/") + DEPLOY_PATH,
            json.dumps({"assembly": str(directory.absolute())}).encode(),
            {"Content-Type": "application/json", DEPLOY_HEADER: "1"},
        )
        with urllib.request.urlopen(request, timeout=DEPLOY_DEADLINE_SECONDS) as answer:
            deployed: dict[str, str] = json.load(answer)
    except urllib.error.HTTPError as error:
        raise UsageError(_refusal(error, options.endpoint_url)) from None
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise UsageError(_no_endpoint(options.endpoint_url, error)) from None
    for name, value in deployed.items():
        print(f"{name} = {value}")
    return 0


def _require_address(url: str) -> None:
    """Return if the URL may be that of an endpoint.

    Raises:
        UsageError: it may not
    """
    try:
        parts = urlsplit(url)
        is_address = parts.scheme == "http" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        raise UsageError(f"--endpoint-url must be http://HOST:PORT with a port to 65535, got {url}")


def _refusal(error: urllib.error.HTTPError, url: str) -> str:
    """What the endpoint says of a deployment that it refuses."""
    with error:
        try:
            return str(json.load(error)["message"])
        except (ValueError, LookupError):
            return _no_endpoint(url, error)


def _no_endpoint(url: str, error: Exception) -> str:
    # What answers may not be HTTP, and is quoted with its line break.
    told = error.reason if type(error) is urllib.error.URLError else error
    reason = " ".join(str(told).split())
    return f"no endpoint of `make serve` at {url}: {reason}"
