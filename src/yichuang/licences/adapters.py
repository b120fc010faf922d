"""What the worker does with the outbox messages of licences."""

from __future__ import annotations

from django.utils import timezone

from yichuang.core.actor import system
from yichuang.core.models import Message
from yichuang.core.outbox import Receipt, Retry
from yichuang.core.refusal import Refusal
from yichuang.licences import commands


def seal(message: Message) -> Receipt:
    """Put the organ's electronic seal on a licence; a missing certificate is tried again and its reason shown."""
    try:
        licence = commands.sign(
            message.payload["identifier"], by=system("seal", message.division), at=timezone.localtime()
        )
    except Refusal as no:
        raise Retry(str(no)) from no
    return Receipt(reference=licence.file_digest, answer={"signer": licence.signer})
