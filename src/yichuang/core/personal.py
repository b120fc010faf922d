"""Personal data: shown masked, looked at on the record, named in the log by a digest that can be forgotten.

The law: 个人信息保护法 6 (no more than is needed), 47 (erasure), 51 (access on the record).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yichuang.core import log
from yichuang.core.actor import Actor
from yichuang.core.events import ALGORITHM, Event, digest
from yichuang.core.refusal import Refusal
from yichuang.core.rules.masking import cover, mask_address, mask_email, mask_id, mask_name, mask_phone, mask_text

__all__ = [
    "cover",
    "looked",
    "mask_address",
    "mask_email",
    "mask_id",
    "mask_name",
    "mask_phone",
    "mask_text",
    "seal",
    "sealed",
    "stream_of",
]


def stream_of(subject: str) -> str:
    """Stream of the accesses to a subject ("applicant:9"): "personal:applicant:9"."""
    return f"personal:{subject}"


def looked(subject: str, fields: Iterable[str], why: str, *, by: Actor, at: datetime) -> None:
    """Record that `by` saw these fields of a person in full ("id_number", "phone"), and for what purpose.

    Raises Refusal 422 "personal.no_purpose", with which nothing must be shown.
    """
    if not why.strip():
        raise Refusal(
            "personal.no_purpose",
            "查看完整个人信息应说明用途。",
            "请填写查看用途，例如“核对申请人身份”。",
            law="《中华人民共和国个人信息保护法》第六条",
            fields={"why": "请填写查看用途"},
            status=422,
        )
    data = {"fields": sorted(set(fields)), "why": mask_text(why.strip())[:200]}
    with transaction.atomic():
        log.append(stream_of(subject), Event("personal.looked", data), by=by, at=at)


def seal(value: str | bytes) -> tuple[str, str]:
    """(salt, digest) of a value. The digest goes into events, the salt stays in the row and is forgotten with it.

    Without the salt nobody can tell from the log what the value was; with it anyone can check that it was this one.
    """
    salt = secrets.token_hex(16)
    return salt, _sealed(value, salt, ALGORITHM)


def sealed(value: str | bytes, salt: str, expected: str, algorithm: str = ALGORITHM) -> bool:
    """True if `expected` is the seal of the value under the salt."""
    return bool(salt) and hmac.compare_digest(_sealed(value, salt, algorithm), expected)


def _sealed(value: str | bytes, salt: str, algorithm: str) -> str:
    return digest(salt.encode() + b"\n" + (value.encode() if isinstance(value, str) else value), algorithm)
