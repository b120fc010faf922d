"""What lint says and what it is told: one finding, and what a content alone does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ERROR, WARNING = "error", "warning"
LICENSING = "《中华人民共和国行政许可法》"


@dataclass(frozen=True, slots=True)
class Finding:
    """code: stable ("promise.over_statutory"). severity: error stops publication, warning asks for attention.
    element: the key of the content, with place in a list ("materials.0.source_type"). law: the article behind it, ""
    where it is a matter of consistency. mend: what to do."""

    code: str
    severity: str
    element: str
    message: str
    mend: str
    law: str = ""


def error(code: str, element: str, message: str, mend: str, law: str = "") -> Finding:
    return Finding(code, ERROR, element, message, mend, law)


def warning(code: str, element: str, message: str, mend: str, law: str = "") -> Finding:
    return Finding(code, WARNING, element, message, mend, law)


@dataclass(frozen=True, slots=True)
class Context:
    """What a content alone does not tell. taken: codes used by other items -> their names.
    issuer: 统一社会信用代码 of the department, "" when unknown. departments: names known in the division (empty: not checked).
    certificates, intermediaries: what is listed and in force, code and every name -> code (None: the division keeps no such list).
    carriers: codes of items in force that other items say they are merged into (多证合一) -> their names (None: not checked)."""

    taken: dict[str, str] = field(default_factory=dict)
    issuer: str = ""
    departments: frozenset[str] = frozenset()
    certificates: Mapping[str, str] | None = None
    intermediaries: Mapping[str, str] | None = None
    carriers: Mapping[str, str] | None = None
