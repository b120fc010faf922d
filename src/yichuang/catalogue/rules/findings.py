"""What lint says: one finding, and how it is made."""

from __future__ import annotations

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


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
