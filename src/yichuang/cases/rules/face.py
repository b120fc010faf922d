"""What a licence's face says: the fields that its version names, from what was declared and from who the applicant is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from yichuang.catalogue.rules.facts import VersionFacts
from yichuang.catalogue.rules.form import Field

APPLICANT: dict[str, str] = {
    "name": "名称",
    "holder": "持证主体",
    "address": "地址",
    "legal_representative": "法定代表人（负责人）",
}


class Line(NamedTuple):
    """code: by which another form may take the value over ("licence.<type>.<code>")."""

    code: str
    label: str
    value: str


def face(version: VersionFacts, values: Mapping[str, Any], applicant: Mapping[str, Any]) -> tuple[Line, ...]:
    """One line per field, in the version's order.

    A field is named by its path in the form ("place.name"), by its code alone, or it is what the applicant is
    ("legal_representative"). Answers of a group that repeats are joined by "、".
    """
    lines: list[Line] = []
    taken: set[str] = set()
    for path in version.licence.fields if version.licence else ():
        code = path.rpartition(".")[2]
        field, value = _answer(version, values, path)
        if not value:
            value = str(applicant.get("name" if code == "holder" else code, "") or "") if code in APPLICANT else ""
        label = field.label if field is not None else APPLICANT.get(code, code)
        code = path.replace(".", "_") if code in taken else code
        taken.add(code)
        lines.append(Line(code, label, value))
    return tuple(lines)


def _answer(version: VersionFacts, values: Mapping[str, Any], path: str) -> tuple[Field | None, str]:
    owner, _, code = path.rpartition(".")
    for group in version.form.groups:
        field = group.field(code)
        if field is None or (owner and group.code != owner):
            continue
        held = values.get(group.code)
        rows = held if isinstance(held, list) else [held]
        shown = [field.shown(row[code]) for row in rows if isinstance(row, Mapping) and row.get(code) not in (None, "")]
        return field, "、".join(text for text in shown if text)
    return None, ""
