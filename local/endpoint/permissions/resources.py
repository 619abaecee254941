# SPDX-License-Identifier: MIT-0
"""Resources as moto keeps them: ARNs behind names and aliases, and the resources' own policies."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from moto.backends import get_backend

from ...environment import environment
from ...iam.policy import Document, parse_policy
from ...iam.principals import trust_policy


def arn_of(service: str, resource: str) -> str:
    """The ARN of a resource; an ARN is its own."""
    if resource.startswith("arn:"):
        return resource
    return environment().arn(service, resource)


def key_arn(key: str) -> str:
    """The ARN of a KMS key, by its id, its ARN, or an alias of it."""
    kms = _backend("kms")
    alias = key if key.startswith("alias/") else "alias/" + key.partition(":alias/")[2]
    if ":alias/" in key or key.startswith("alias/"):
        found = kms.get_key_id_from_alias(alias)
        return arn_of("kms", f"key/{found}" if found else alias)
    return arn_of("kms", key if key.startswith("arn:") else f"key/{key}")


def key_of_ciphertext(blob: bytes) -> str:
    """The ARN of the key that encrypted a text; the wildcard if it is none of moto's."""
    # moto begins a ciphertext with the key's id.
    found = re.match(rb"(?:mrk-)?[0-9a-f-]{32,36}", blob)
    return arn_of("kms", f"key/{found[0].decode()}") if found else "*"


def secret_arn(secret: str) -> str:
    """The ARN of a secret, by its name, its ARN, or an ARN without the random end."""
    found = _backend("secretsmanager").secrets.get(secret)
    return str(found.arn) if found else arn_of("secretsmanager", f"secret:{secret}")


def partition_key(table: str) -> str | None:
    """The name of a table's partition key."""
    found = _backend("dynamodb").tables.get(table.rsplit("/", 1)[-1])
    return str(found.hash_key_attr) if found else None


def policy_of(arn: str) -> Document | None:
    """The policy of a resource, where its service has such policies and it has one."""
    service = arn.split(":")[2] if arn.count(":") >= 5 else ""
    find = _POLICIES.get(service)
    found = find(arn.split(":", 5)[5]) if find else None
    if isinstance(found, bytes):
        found = found.decode()
    return parse_policy(found) if found else None


def _queue(name: str) -> Any:
    queue = _backend("sqs").queues.get(name)
    return queue and queue.policy


def _topic(name: str) -> Any:
    topic = _backend("sns").topics.get(arn_of("sns", name))
    return topic and topic._policy_json


def _bucket(path: str) -> Any:
    here = environment()
    bucket = get_backend("s3")[here.account][here.partition].buckets.get(path.split("/")[0])
    return bucket and bucket.policy


def _key(name: str) -> Any:
    key = _backend("kms").keys.get(name.removeprefix("key/"))
    return key and key.policy


def _secret(name: str) -> Any:
    secret = _backend("secretsmanager").secrets.get(arn_of("secretsmanager", name))
    return secret and secret.policy


def _bus(name: str) -> Any:
    bus = _backend("events").event_buses.get(name.removeprefix("event-bus/"))
    return bus and bus.policy


def _role(path: str) -> Any:
    return trust_policy(environment().global_arn("iam", path))


_POLICIES: Mapping[str, Callable[[str], Any]] = {
    "events": _bus,
    "iam": _role,
    "kms": _key,
    "s3": _bucket,
    "secretsmanager": _secret,
    "sns": _topic,
    "sqs": _queue,
}


def _backend(service: str) -> Any:
    here = environment()
    return get_backend(service)[here.account][here.region]
