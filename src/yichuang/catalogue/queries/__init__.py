"""Every read of the catalogue. Import from here."""

from yichuang.catalogue.queries.items import export_rows, lint_all, lint_context, published
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
    "export_rows",
    "facts_of",
    "forget",
    "lint_all",
    "lint_context",
    "not_found",
    "published",
    "search",
    "version",
    "whole",
]
