"""情形引导 as a grid of fields, and back. Names of fields: "q.0.text", "r.1.when.<question>", "r.1.without.<material>", "e.0.…".

used: codes and values that any version of the item has had (`rules.conditions.words_of`). `gather` takes what a browser sends and gives the data of rules.situations; `act` is what a button of the grid does to it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.checks_situations import outcome
from yichuang.catalogue.rules.conditions import last, numbers
from yichuang.catalogue.rules.situations import MOST, Answers, Situations, parse

Data = dict[str, Any]
Posted = Mapping[str, Sequence[str]]
MOST_LINES = {"q": 12, "r": 200, "e": 100}
KEYS = {"q": "questions", "r": "rows", "e": "examples"}
FILLED = 50
"""Rows that are added at once for what has none yet."""
TRY = "try."
"""Fields with the answers that an editor tries."""


def gather(posted: Posted, used: Collection[str] = ()) -> Data:
    """What the fields say, in the shape of the data; unchecked (`situations.parse` and lint judge it)."""
    questions = [_question(posted, f"q.{n}.", used) for n in numbers(posted, "q.line", MOST_LINES["q"])]
    _coded(questions, used)
    known = [q["code"] for q in questions]
    rows = [_row(posted, f"r.{n}.", known) for n in numbers(posted, "r.line", MOST_LINES["r"])]
    examples = [_example(posted, f"e.{n}.", known) for n in numbers(posted, "e.line", MOST_LINES["e"])]
    return {"questions": questions, "rows": rows, "examples": examples}


def full(stored: Mapping[str, Any] | None) -> Data:
    """Data as it is stored, with every key that the grid shows."""
    blank: dict[str, Data] = {
        "questions": {"code": "", "text": "", "help": "", "choices": [], "when": None},
        "rows": {"when": {}, "handling": "", "without": {}, "fee": "", "days": None, "note": ""},
        "examples": {"name": "", "answers": {}, "handling": "", "materials": [], "fee": "", "days": None},
    }
    held = stored or {}
    return {
        key: [_full(empty, one) for one in held.get(key) or [] if isinstance(one, Mapping)]
        for key, empty in blank.items()
    }


def _full(empty: Data, one: Mapping[str, Any]) -> Data:
    """Every key, with a value of the kind that it has: what another system wrote may have others."""
    return copy.deepcopy(empty) | {
        key: value
        for key, value in one.items()
        if value is not None and (empty.get(key) is None or isinstance(value, type(empty[key])))
    }


def _coded(questions: Sequence[Data], used: Collection[str]) -> None:
    """A code for each question that has none: never one that another question has had, for drafts and old versions know it by that."""
    taken = {q["code"] for q in questions if q["code"]} | set(used)
    for q in questions:
        if not q["code"]:
            q["code"] = next(c for n in range(1, 9999) if (c := f"q{n}") not in taken)
            taken.add(q["code"])


def settled(data: Data) -> Data | None:
    """As it is stored, without what says nothing; None when there is nothing in the grid: the item then has no 情形引导."""
    told = {
        key: [{name: value for name, value in one.items() if value not in ("", None, {}, [])} for one in lines_]
        for key, lines_ in data.items()
        if lines_
    }
    return told or None


def choices_said(given: Sequence[Mapping[str, str]]) -> str:
    """Choices as they are typed: "new=新办", one a line."""
    return "\n".join(f"{one.get('value', '')}={one.get('label', '')}" for one in given)


def when_of(question: Mapping[str, Any]) -> str:
    """The condition of a question as one word of a list: "kind:new,change"; "" for none."""
    when = question.get("when")
    if not when:
        return ""
    values = when.get("in") or [when.get("eq", "")]
    return f"{when.get('field', '')}:{','.join(map(str, values))}"


def answers(posted: Posted) -> Answers:
    """What is tried."""
    return {name.removeprefix(TRY): v[-1] for name, v in posted.items() if name.startswith(TRY) and v and v[-1]}


def act(data: Data, do: str, content: shape.Content, posted: Posted, used: Collection[str] = ()) -> Data:
    """The data after a button: q.add, r.add, r.fill, r.copy.2, e.add (from what is tried), e.update.0, q.remove.1, … Raises LookupError
    with why it cannot be done, in Chinese."""
    word, _, rest = do.partition(".")
    verb, _, number = rest.partition(".")
    deed = _ACTS.get((word, verb))
    if deed is None:
        raise LookupError("没有这个动作")
    made = {key: copy.deepcopy(data[key]) for key in KEYS.values()}
    held = made[KEYS[word]]
    n = int(number) if number.isascii() and number.isdigit() else -1
    if verb not in ("add", "fill") and not 0 <= n < len(held):
        raise LookupError("没有这一项，请刷新页面")
    deed(made, n, content, posted)
    _coded(made["questions"], used)
    if len(held) > MOST_LINES[word]:
        raise LookupError(f"最多{MOST_LINES[word]}项")
    return made


def _add_question(made: Data, n: int, content: shape.Content, posted: Posted) -> None:
    made["questions"].append({"code": "", "text": "", "help": "", "choices": [], "when": None})


def _add_row(made: Data, n: int, content: shape.Content, posted: Posted) -> None:
    made["rows"].append({"when": {}, "handling": "", "without": {}, "fee": "", "days": None, "note": ""})


def _copy_row(made: Data, n: int, content: shape.Content, posted: Posted) -> None:
    one = made["rows"][n]
    made["rows"].insert(n + 1, copy.deepcopy(one))


def _fill_rows(made: Data, n: int, content: shape.Content, posted: Posted) -> None:
    """A row for each set of answers that has none."""
    table = parse({**made, "examples": []})[0]
    if not table.questions:
        raise LookupError("请先写问题")
    added = 0
    for seen, given in enumerate(table.all_answers()):
        if seen > MOST or added == FILLED:
            break
        if not table.met(given):
            _add_row(made, n, content, posted)
            made["rows"][-1]["when"] = {code: [value] for code, value in given.items()}
            added += 1
    if not added:
        raise LookupError("每种情形都已有对应的行")


def _add_example(made: Data, n: int, content: shape.Content, posted: Posted) -> None:
    tried, table = answers(posted), parse({**made, "examples": []})[0]
    found = outcome(content, table, tried)
    if found is None:
        raise LookupError("请先回答试用的每个问题，并得出结果，再存为用例")
    name = (posted.get("e.name") or [""])[-1].strip() or table.say(tried)[:60]
    made["examples"].append({"name": name, "answers": table.answered(tried) or tried, **found})


def _update_example(made: Data, n: int, content: shape.Content, posted: Posted) -> None:
    table, one = parse({**made, "examples": []})[0], made["examples"][n]
    found = outcome(content, table, one["answers"])
    if found is None:
        raise LookupError("这个用例的回答得不出结果，请删去后重新存")
    made["examples"][n] = {**one, **found}


def _remove(key: str) -> Callable[[Data, int, shape.Content, Posted], None]:
    def remove(made: Data, n: int, content: shape.Content, posted: Posted) -> None:
        gone = made[key].pop(n)
        if key == "questions":
            for row in made["rows"]:
                row["when"].pop(gone["code"], None)

    return remove


_ACTS: Mapping[tuple[str, str], Callable[[Data, int, shape.Content, Posted], None]] = {
    ("q", "add"): _add_question,
    ("q", "remove"): _remove("questions"),
    ("r", "add"): _add_row,
    ("r", "copy"): _copy_row,
    ("r", "fill"): _fill_rows,
    ("r", "remove"): _remove("rows"),
    ("e", "add"): _add_example,
    ("e", "update"): _update_example,
    ("e", "remove"): _remove("examples"),
}


def failing(content: shape.Content, table: Situations) -> list[bool]:
    """For each example whether it does not come out as it was stored."""
    found = []
    for one in table.examples:
        now = outcome(content, table, dict(one.answers))
        wanted = {"handling": one.handling, "materials": list(one.materials), "fee": one.fee, "days": one.days}
        found.append(now != wanted)
    return found


# -- fields -> data -----------------------------------------------------------------------------------------------


def _said(posted: Posted, name: str) -> str:
    return last(posted, name).strip()


def _question(posted: Posted, place: str, used: Collection[str]) -> Data:
    field, _, values = _said(posted, f"{place}when").partition(":")
    when = {"field": field, "in": values.split(",")} if field and values else None
    return {
        "code": _said(posted, f"{place}code"),
        "text": _said(posted, f"{place}text"),
        "help": _said(posted, f"{place}help"),
        "choices": choices(_said(posted, f"{place}choices"), used),
        "when": when,
    }


def choices(text: str, used: Collection[str] = ()) -> list[Data]:
    """ "new=新办" or "新办" a line; a value that is not typed is the next free one."""
    typed = [re.split(r"[=＝]", line.strip(), maxsplit=1) for line in text.splitlines() if line.strip()]
    taken = {one[0].strip() for one in typed if len(one) == 2} | set(used)
    found = []
    for one in typed:
        if len(one) == 2:
            found.append({"value": one[0].strip(), "label": one[1].strip()})
        else:
            value = next(v for n in range(1, 9999) if (v := f"v{n}") not in taken)
            taken.add(value)
            found.append({"value": value, "label": one[0].strip()})
    return found


def _row(posted: Posted, place: str, questions: Sequence[str]) -> Data:
    prefix = f"{place}without."
    without = {name.removeprefix(prefix): v[-1].strip() for name, v in posted.items() if name.startswith(prefix)}
    days = _said(posted, f"{place}days")
    return {
        "when": {q: cell for q in questions if (cell := [v for v in posted.get(f"{place}when.{q}", ()) if v])},
        "handling": _said(posted, f"{place}handling"),
        "without": {code: reason for code, reason in without.items() if reason},
        "fee": _said(posted, f"{place}fee"),
        "days": int(days) if days.isascii() and days.isdigit() and len(days) < 5 else days or None,
        "note": _said(posted, f"{place}note"),
    }


def _example(posted: Posted, place: str, questions: Sequence[str]) -> Data:
    days = _said(posted, f"{place}days")
    return {
        "name": _said(posted, f"{place}name"),
        "answers": {q: v for q in questions if (v := _said(posted, f"{place}answer.{q}"))},
        "handling": _said(posted, f"{place}handling"),
        "materials": [v for v in posted.get(f"{place}material", ()) if v],
        "fee": _said(posted, f"{place}fee"),
        "days": int(days) if days.isascii() and days.isdigit() else None,
    }
