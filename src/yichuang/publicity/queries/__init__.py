"""Every read of publicity: the public's, the officer's, the figure of compliance."""

from yichuang.publicity.queries.compliance import Compliance, compliance
from yichuang.publicity.queries.desk import Filters, counts, desk, desk_record, history, messages, visible
from yichuang.publicity.queries.results import Result, public_rows, result, results

__all__ = [
    "Compliance",
    "Filters",
    "Result",
    "compliance",
    "counts",
    "desk",
    "desk_record",
    "history",
    "messages",
    "public_rows",
    "result",
    "results",
    "visible",
]
