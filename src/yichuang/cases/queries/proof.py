"""For `yichuang log verify`: steps and suspensions follow from the events, and every paper is the one that was sealed.

The row of the case itself is compared by `core.verify`. What was erased by law keeps its digest and counts as intact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import orjson
from django.db.models import F, TextField, Value
from django.db.models.functions import Cast

from yichuang.cases.models import Case, CaseForm, CaseStep, CaseSuspension, Document, Statement
from yichuang.cases.rules.facts import Step, Suspension
from yichuang.core import personal
from yichuang.core.events import Event, canonical
from yichuang.core.models import Logged
from yichuang.core.verify import Fault

Papers = dict[tuple[str, int], list["Paper"]]


class Paper(NamedTuple):
    """A sealed paper as it is stored: `content` is the text of its JSON."""

    seq: int
    content: str
    salt: str
    digest: str
    erased_at: datetime | None
    number: str

    def intact(self) -> bool:
        return self.erased_at is not None or personal.sealed(
            canonical(orjson.loads(self.content)), self.salt, self.digest
        )


def compare(streams: Mapping[str, Sequence[Event]], rows: Mapping[str, Logged]) -> Iterator[Fault]:
    """The first fault of each of these complete streams of cases. 6 queries for all of them."""
    numbers = {stream.partition(":")[2]: stream for stream in streams}
    names = dict(Case.objects.filter(number__in=numbers).values_list("pk", "number"))
    kept = {
        "form": _papers(CaseForm, names, numbers),
        "statement": _papers(Statement, names, numbers),
        "document": _papers(Document, names, numbers),
    }
    steps = _parts(CaseStep, names, numbers)
    suspensions = _parts(CaseSuspension, names, numbers)
    for stream, events in streams.items():
        fault = _papers_fault(stream, events, kept) or _parts_fault(
            stream, events[-1].seq, rows.get(stream), steps.get(stream, []), suspensions.get(stream, [])
        )
        if fault is not None:
            yield fault


def _papers(
    table: type[CaseForm] | type[Statement] | type[Document], names: dict[int, str], streams: dict[str, str]
) -> Papers:
    number = F("number") if table is Document else Value("")
    rows = table._default_manager.filter(case__in=names).annotate(text=Cast("content", TextField()), no=number)
    found: Papers = {}
    for case, *paper in rows.values_list("case_id", "seq", "text", "salt", "digest", "erased_at", "no"):
        one = Paper(*paper)
        found.setdefault((streams[names[case]], one.seq), []).append(one)
    return found


def _parts(
    table: type[CaseStep] | type[CaseSuspension], names: dict[int, str], streams: dict[str, str]
) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for part in table._default_manager.filter(case__in=names):
        found.setdefault(streams[names[part.case_id]], []).append(part.value())
    return found


def _papers_fault(stream: str, events: Sequence[Event], kept: dict[str, Papers]) -> Fault | None:
    words = {"form": "申请表", "statement": "书面意见", "document": "文书"}
    for event in events:
        for name, papers in kept.items():
            told = event.data.get(name)
            digest = told["digest"] if isinstance(told, Mapping) else told
            held = papers.pop((stream, event.seq), [])
            if digest is None and not held:
                continue
            if len(held) != 1 or held[0].digest != digest:
                return Fault(
                    stream, event.seq, "paper_missing", f"{words[name]}缺失或被替换 / {name} is gone or another one"
                )
            if not held[0].intact():
                return Fault(
                    stream, event.seq, "paper_altered", f"{words[name]}内容与摘要不符 / {name} does not give its digest"
                )
            if isinstance(told, Mapping) and held[0].number != told["number"]:
                return Fault(stream, event.seq, "paper_altered", "文书号被改动 / the document's number differs")
    return None


def _parts_fault(
    stream: str, last: int, row: Logged | None, steps: list[Step], suspensions: list[Suspension]
) -> Fault | None:
    if not isinstance(row, Case):
        return None  # told by the comparison of the row
    made, halted = row.parts_ or ((), ())
    if sorted(made, key=lambda s: s.code) != sorted(steps, key=lambda s: s.code):
        return Fault(stream, last, "row_changed", "环节与记录不符 / the steps do not follow from the events")
    if list(halted) != sorted(suspensions, key=lambda s: s.no):
        return Fault(stream, last, "row_changed", "特别程序与记录不符 / the suspensions do not follow from the events")
    return None
