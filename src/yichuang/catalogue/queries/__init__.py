"""Every read of the catalogue. Import from here."""

from yichuang.catalogue.queries.items import lint_context
from yichuang.catalogue.queries.search import Hit, search
from yichuang.catalogue.queries.versions import (
    content,
    current,
    draft_of,
    facts_of,
    forget,
    not_found,
    version,
    whole,
)

__all__ = [
    "Hit",
    "content",
    "current",
    "draft_of",
    "facts_of",
    "forget",
    "lint_context",
    "not_found",
    "search",
    "version",
    "whole",
]
