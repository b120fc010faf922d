"""The licence as a document: what the typst templates are given. Nothing of a person is ever put into markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from yichuang.core import documents
from yichuang.licences import rules
from yichuang.licences.models import Licence

HOLDER_LABELS = {"person": "姓名", "organisation": "单位名称", "individual_business": "名称"}
CODE_LABELS = {"uscc": "统一社会信用代码", "citizen": "公民身份号码"}
PURPOSE = "电子证照专用章"
PRACTICE = "演示用章"


def live_url(licence: Licence) -> str:
    """Where the QR code leads: the page of the live state, open to whoever holds the code."""
    return urljoin(settings.YICHUANG.base_url, reverse("licences:live", args=[licence.token]))


def pdf(licence: Licence) -> bytes:
    """The page without the seal."""
    holder = licence.holder
    shown = {"name", "credit_code", "id_number"}  # said by the holder's own lines
    lines = [{"label": line.label, "value": line.value} for line in licence.lines if line.code not in shown]
    data = {
        "title": licence.name,
        "number": licence.number,
        "holder_label": HOLDER_LABELS.get(holder.kind, "持证主体"),
        "holder": _own(licence, "name") or holder.name,
        "code_label": CODE_LABELS.get(holder.id_kind, "证件号码"),
        "code": holder.id_number,
        "lines": lines,
        "validity": rules.dates_text(licence.effective_on, licence.expires_on),
        "issuer": licence.issuer.name,
        "issued_on": rules.day_text(licence.issued_on),
        "identifier": licence.identifier,
        "qr": live_url(licence),
        "verify_at": urljoin(settings.YICHUANG.base_url, reverse("licences:verify")),
        "note": "本电子证照由颁发机构加盖电子印章，与纸质证照具有同等法律效力；打印件请扫码查验。",
        "date": licence.issued_on.isoformat(),
        "mark": "" if settings.YICHUANG.signing_p12 else "演示样本",
    }
    return documents.render("licences/licence", data)


def sample(
    *,
    name: str,
    lines: Sequence[tuple[str, str]],
    holder: str,
    organisation: bool,
    validity_months: int,
    issuer: str,
    leads_to: str,
) -> dict[str, Any]:
    """The page of a licence that nobody holds, marked 样本, for `documents.kept`. lines: (label, value) of its face.

    leads_to: the address in its QR code. It has no identifier, no number and no dates, so that it passes for nothing."""
    return {
        "title": name,
        "number": "样本",
        "holder_label": HOLDER_LABELS["organisation" if organisation else "person"],
        "holder": holder,
        "code_label": CODE_LABELS["uscc" if organisation else "citizen"],
        "code": "",
        "lines": [{"label": label, "value": value} for label, value in lines],
        "validity": rules.months_text(validity_months),
        "issuer": issuer,
        "issued_on": "（发证日期）",
        "identifier": "样本不编号",
        "qr": leads_to,
        "qr_caption": "扫码看办事指南",
        "verify_at": "",
        "note": "本页是样本，内容为虚构，不是证照，没有任何效力。",
        "mark": "样　本",
        "mark_strong": True,
    }


def seal(licence: Licence) -> bytes:
    """The appearance of the organ's electronic seal."""
    data = {
        "organ": licence.issuer.seal_name or licence.issuer.name,
        "purpose": PURPOSE if settings.YICHUANG.signing_p12 else PRACTICE,
        "code": f"{licence.division}{licence.issuer_id:07d}",
    }
    return documents.render("licences/seal", data)


def file_name(licence: Licence) -> str:
    return f"{licence.name}-{licence.serial}-{licence.version:03d}.pdf"


def _own(licence: Licence, code: str) -> str:
    return next((line.value for line in licence.lines if line.code == code), "")
