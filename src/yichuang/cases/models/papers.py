"""Papers of a case: what was filled in, handed in, written and issued. Personal data lives here and can be erased.

A paper that an event names is keyed by (case, seq of the event) and carries a salt; the event carries the salted
digest. Erasing empties content and salt and keeps the digest: the chain still verifies.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from yichuang.core import personal
from yichuang.core.events import canonical


class Sealed(models.Model):
    """Content that can be erased, sealed into the log by a salted digest."""

    content = models.JSONField(default=dict)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def seal(self) -> str:
        """Choose the salt, compute and keep the digest."""
        self.salt, self.digest = personal.seal(canonical(self.content))
        return self.digest

    def intact(self) -> bool:
        """True if erased, or if the content still has its digest."""
        return self.erased_at is not None or personal.sealed(canonical(self.content), self.salt, self.digest)


class CaseForm(Sealed):
    """What the applicant declared at one submission. content: {"values", "applicant", "contact", "delivery", "files"}."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="forms")
    seq = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="case_form_once")]

    @property
    def values(self) -> dict[str, Any]:
        found: dict[str, Any] = self.content.get("values", {})
        return found


class Statement(Sealed):
    """What a person wrote in one act: an opinion, reasons, the points to mend, who received. content by kind of event."""

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="statements")
    seq = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="case_statement_once")]


class CaseMaterial(models.Model):
    """申请材料: one material of the version in this case, with its checklist.

    state: provided, paper (原件已收), exempt (免提交), deferred (容缺后补), missing. ticks: points checked by the clerk.
    """

    STATES = [
        ("provided", "已提交"),
        ("paper", "已收纸质"),
        ("exempt", "免提交"),
        ("deferred", "容缺后补"),
        ("missing", "未提交"),
    ]
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="materials")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    need = models.CharField(max_length=1, help_text="1 必要 2 非必要 3 容缺后补")
    applies = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=STATES, default="missing")
    copies = models.PositiveSmallIntegerField(default=0)
    ticks = models.JSONField(default=list)
    checked_by = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="case_material_once")]


class MaterialFile(models.Model):
    """A file of a material. seq: the event that brought it; replaced_seq: the event that put another in its place."""

    material = models.ForeignKey(CaseMaterial, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("core.File", on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    replaced_seq = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]


class Document(Sealed):
    """文书: numbered, dated, with everything its PDF shows as it was when it was issued.

    number: 阎审批受〔2026〕1号, unique in its organ, kind and year; the receipt's number is the case's. file: the PDF,
    made when it is first needed.
    """

    KINDS = [
        ("receipt", "收件凭证"),
        ("acceptance", "受理通知书"),
        ("correction", "补正告知书"),
        ("declination", "不予受理决定书"),
        ("special", "特别程序告知书"),
        ("extension", "延长办理期限告知书"),
        ("grant", "准予行政许可决定书"),
        ("refusal", "不予行政许可决定书"),
        ("service", "送达回证"),
        ("withdrawal", "撤回申请通知书"),
        ("termination", "终止办理通知书"),
        ("clerical", "更正通知书"),
    ]
    WORDS = {
        "acceptance": "受",
        "correction": "补",
        "declination": "不受",
        "special": "特",
        "extension": "延",
        "grant": "准",
        "refusal": "不准",
        "service": "送",
        "withdrawal": "撤",
        "termination": "终",
        "clerical": "更",
    }
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="documents")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=KINDS)
    number = models.CharField(max_length=80)
    department = models.ForeignKey("identity.Department", on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    file = models.ForeignKey("core.File", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    served_at = models.DateTimeField(null=True, blank=True)
    served_way = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["seq", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind", "number"], condition=~Q(kind="receipt"), name="document_number"
            ),
            models.UniqueConstraint(fields=["case", "seq", "kind"], name="document_once"),
        ]
