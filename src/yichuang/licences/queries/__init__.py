"""Every read of licences: verification for anybody, the wallet for the holder, the registry for staff."""

from yichuang.licences.queries.concerned import CONCERNED
from yichuang.licences.queries.registry import (
    CATALOGUE_FIELDS,
    EXPORTERS,
    READERS,
    Card,
    Filters,
    card,
    catalogue_rows,
    desk_licence,
    registry,
    timeline,
    types,
    versions,
    visible,
)
from yichuang.licences.queries.verify import Verification, verify, verify_identifier, verify_pdf, verify_token
from yichuang.licences.queries.wallet import held, mine, my_licence, of_source, stays

__all__ = [
    "CATALOGUE_FIELDS",
    "CONCERNED",
    "EXPORTERS",
    "READERS",
    "Card",
    "Filters",
    "Verification",
    "card",
    "catalogue_rows",
    "desk_licence",
    "held",
    "mine",
    "my_licence",
    "of_source",
    "registry",
    "stays",
    "timeline",
    "types",
    "verify",
    "verify_identifier",
    "verify_pdf",
    "verify_token",
    "versions",
    "visible",
]
