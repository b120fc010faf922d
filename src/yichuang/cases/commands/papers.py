"""Forms and materials of a case, as its submissions and checks write them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from yichuang.cases.models import Case, CaseForm, CaseMaterial, MaterialFile
from yichuang.cases.rules.checklist import Checked, Handed
from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.core import compiled
from yichuang.core.models import File
from yichuang.core.refusal import Refusal
from yichuang.identity.models import Applicant

Files = Mapping[str, Sequence[File]]


@dataclass(frozen=True)
class Brought:
    """What came to the window for one material."""

    files: tuple[File, ...] = ()
    copies: int = 0
    ticks: tuple[str, ...] = ()
    deferred: date | None = None


def brought(version: VersionFacts, materials: Mapping[str, Mapping[str, Any]]) -> dict[str, Brought]:
    """From the command's plain argument. Raises Refusal 422 for a material that the version does not ask."""
    found: dict[str, Brought] = {}
    for code, given in materials.items():
        if version.material(code) is None:
            raise unknown_material(code)
        copies = int(given.get("copies") or 0)
        if given.get("paper") and not copies:
            copies = 1
        found[code] = Brought(
            tuple(given.get("files") or ()), copies, tuple(given.get("ticks") or ()), given.get("deferred") or None
        )
    return found


def unknown_material(code: str) -> Refusal:
    return Refusal(
        "case.material",
        "本事项没有这项材料。",
        "请在材料清单中选择对应的一项。",
        fields={f"material.{code}": "没有这项材料"},
        status=422,
    )


def handed(given: Mapping[str, Brought]) -> dict[str, Handed]:
    return {code: Handed(len(b.files), b.copies, b.ticks, b.deferred) for code, b in given.items()}


def declaration(
    values: Mapping[str, Any],
    applicant: Applicant,
    contact: Mapping[str, Any],
    delivery: Mapping[str, Any],
    files: Files,
) -> CaseForm:
    """What the applicant declares at one submission, sealed: the answers, who they are as of now, the files by digest."""
    form = CaseForm(
        content={
            "values": dict(values),
            "applicant": {
                "kind": applicant.kind,
                "name": applicant.name,
                "id_kind": applicant.id_kind,
                "id_number": applicant.id_number,
                "legal_representative": applicant.legal_representative,
                "address": applicant.address,
            },
            "contact": dict(contact),
            "delivery": dict(delivery),
            "files": {code: [f.digest for f in held] for code, held in files.items() if held},
        }
    )
    form.seal()
    return form


def write_materials(
    case: Case, lines: Iterable[Checked], files: Files, seq: int, copies: Mapping[str, int], by: str, at: datetime
) -> None:
    """The checklist of a new case: one row per material, one per file. 2 queries."""
    rows = {
        line.code: CaseMaterial(
            case=case,
            code=line.code,
            name=line.name[:200],
            need=line.need,
            applies=line.applies,
            state=line.state,
            copies=copies.get(line.code, 0),
            ticks=list(line.ticks),
            checked_by=by if line.ticks else "",
            checked_at=at if line.ticks else None,
        )
        for line in lines
    }
    if rows:
        CaseMaterial.objects.bulk_create(rows.values())
    held = [MaterialFile(material=rows[code], file=f, seq=seq) for code, fs in files.items() for f in fs]
    if held:
        MaterialFile.objects.bulk_create(held)


def materials_of(case: Case) -> dict[str, CaseMaterial]:
    """The checklist, by code. 1 query."""
    return {m.code: m for m in compiled.rows(_materials, case.pk)}


def _materials(case: int) -> QuerySet[CaseMaterial]:
    return CaseMaterial.objects.filter(case=case)


def hand_of(rows: Mapping[str, CaseMaterial]) -> dict[str, Handed]:
    """The stored checklist as the rules look at it."""
    return {m.code: Handed(1 if m.state == "provided" else 0, m.copies, tuple(m.ticks), None) for m in rows.values()}


def check_off(
    rows: Mapping[str, CaseMaterial],
    lines: Iterable[Checked],
    copies: Mapping[str, int],
    by: str,
    at: datetime,
) -> None:
    """Bring the stored checklist to what was checked; writes only the rows that differ."""
    changed = []
    for line in lines:
        row = rows[line.code]
        now = (line.state, line.applies, list(line.ticks), copies.get(line.code, row.copies))
        if (row.state, row.applies, row.ticks, row.copies) == now:
            continue
        row.state, row.applies, row.ticks, row.copies = now
        row.checked_by, row.checked_at = by, at
        changed.append(row)
    if changed:
        fields = ["state", "applies", "ticks", "copies", "checked_by", "checked_at"]
        CaseMaterial.objects.bulk_update(changed, fields)


def replace_files(rows: Mapping[str, CaseMaterial], files: Files, seq: int) -> None:
    """New files in the place of the old ones, which stay on record as replaced."""
    codes = [rows[code].pk for code, held in files.items() if held]
    if not codes:
        return
    MaterialFile.objects.filter(material__in=codes, replaced_seq__isnull=True).update(replaced_seq=seq)
    MaterialFile.objects.bulk_create(
        [MaterialFile(material=rows[code], file=f, seq=seq) for code, held in files.items() for f in held]
    )
