"""For `yichuang log verify`: steps and suspensions follow from the events, and every paper is the one that was sealed.

The row of the case itself is compared by `core.verify`. What was erased by law keeps its digest and counts as intact.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from yichuang.cases.models import Case, CaseForm, CaseStep, CaseSuspension, Document, Statement
from yichuang.cases.models.papers import Sealed
from yichuang.cases.rules.apply import apply
from yichuang.cases.rules.facts import CaseFacts
from yichuang.core.events import Event
from yichuang.core.verify import Fault

Papers = dict[tuple[str, int], list[Sealed]]


def compare(streams: Mapping[str, Sequence[Event]]) -> Iterator[Fault]:
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
            stream, events, steps.get(stream, []), suspensions.get(stream, [])
        )
        if fault is not None:
            yield fault


def _papers(
    table: type[CaseForm] | type[Statement] | type[Document], names: dict[int, str], streams: dict[str, str]
) -> Papers:
    found: Papers = {}
    for paper in table._default_manager.filter(case__in=names):
        found.setdefault((streams[names[paper.case_id]], paper.seq), []).append(paper)
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
            if isinstance(told, Mapping) and getattr(held[0], "number", "") != told["number"]:
                return Fault(stream, event.seq, "paper_altered", "文书号被改动 / the document's number differs")
    return None


def _parts_fault(stream: str, events: Sequence[Event], steps: list[Any], suspensions: list[Any]) -> Fault | None:
    facts = CaseFacts()
    try:
        for event in events:
            facts = apply(facts, event)
    except (KeyError, ValueError, StopIteration, TypeError):
        return None  # told by the comparison of the row
    last = events[-1].seq
    if sorted(facts.steps, key=lambda s: s.code) != sorted(steps, key=lambda s: s.code):
        return Fault(stream, last, "row_changed", "环节与记录不符 / the steps do not follow from the events")
    if list(facts.suspensions) != sorted(suspensions, key=lambda s: s.no):
        return Fault(stream, last, "row_changed", "特别程序与记录不符 / the suspensions do not follow from the events")
    return None
