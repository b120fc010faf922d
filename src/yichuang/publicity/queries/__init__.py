"""Every read of publicity: the public's, the officer's, the figure of compliance."""

from yichuang.publicity.queries.compliance import Compliance, compliance
from yichuang.publicity.queries.desk import (
    READERS,
    Filters,
    counts,
    departments_of,
    desk,
    desk_record,
    messages,
    timeline,
    visible,
    whole_rows,
)
from yichuang.publicity.queries.results import Result, departments, public_rows, result, results

__all__ = [
    "READERS",
    "Compliance",
    "Filters",
    "Result",
    "compliance",
    "counts",
    "departments",
    "departments_of",
    "desk",
    "desk_record",
    "messages",
    "public_rows",
    "result",
    "results",
    "timeline",
    "visible",
    "whole_rows",
]
