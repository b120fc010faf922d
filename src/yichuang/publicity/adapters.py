"""How the worker hands 双公示 records to the credit platform: by HTTP, and as files in the standard's columns.

The outbox holds the number of the record, not the record: what can be erased is not copied into messages. A receipt
comes back as a command. A record that was mended meanwhile is sent under its own, later key.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from yichuang.core import adapters as core_adapters
from yichuang.core import tables
from yichuang.core.actor import system
from yichuang.core.models import Message
from yichuang.core.outbox import Receipt, Rejected, Retry
from yichuang.publicity import commands
from yichuang.publicity.models import PublicRecord
from yichuang.publicity.rules.record import NAMES

SUPERSEDED = Receipt(reference="superseded", answer="该记录已更正，以更正后的报送为准")


def http(message: Message) -> Receipt:
    """POST {"dataType": "XK", "records": [{XK_...}]} with the token and the message's key as Idempotency-Key."""
    row = _record(message)
    if row is None:
        return SUPERSEDED
    url = settings.YICHUANG.credit_url
    if not url:
        raise Retry("尚未配置信用平台的地址（YICHUANG_CREDIT_URL）")
    token = settings.YICHUANG.credit_token
    headers = {"Authorization": f"Bearer {token}"} if token else None
    receipt = core_adapters.post(message, url, {"dataType": "XK", "records": [row.record]}, headers=headers)
    return _received(message, row, receipt)


def file(message: Message) -> Receipt:
    """Lay an XLSX and a CSV down in DATA_DIR/exchange/credit: whole or not at all, the same names for the same
    record."""
    row = _record(message)
    if row is None:
        return SUPERSEDED
    folder = settings.YICHUANG.data_dir / "exchange" / "credit"
    folder.mkdir(parents=True, exist_ok=True)
    stem = re.sub(r"[^0-9A-Za-z-]", "-", row.pushed_key or message.key.partition(":")[2])
    lay_down(folder / f"{stem}.csv", tables.write_csv([row.record], NAMES))
    lay_down(folder / f"{stem}.xlsx", tables.write_xlsx([row.record], NAMES, "行政许可"))
    return _received(message, row, Receipt(reference=f"{stem}.xlsx"))


def lay_down(path: Path, content: bytes) -> None:
    """A file appears under its name only when it is complete and on the disk."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    with part.open("wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    part.replace(path)


def _record(message: Message) -> PublicRecord | None:
    """The record of a message; None when it was mended since and goes out under another key."""
    row = PublicRecord.objects.filter(pk=message.payload["record"]).first()
    if row is None:
        raise Rejected("公示记录不存在")
    if row.record_digest != message.payload["digest"]:
        return None
    if not row.record:
        raise Rejected("公示记录的内容已依法删除")
    return row


def _received(message: Message, row: PublicRecord, receipt: Receipt) -> Receipt:
    commands.receive(
        row.pk,
        adapter=message.adapter,
        digest=message.payload["digest"],
        reference=receipt.reference,
        by=system("outbox", row.division),
        at=timezone.localtime(),
    )
    return receipt
