"""情形引导: a few questions tell which implementation item applies, which materials are not needed and why, the fee, the period.

The definition is data (JSON of the item's content), versioned with it:
{"questions": [{"code", "text", "help", "choices": [{"value", "label"}], "when": {"field", "eq" | "in"}}],
 "rows": [{"when": {question: [value, …]}, "handling", "without": {material: reason}, "fee", "days", "note"}],
 "examples": [{"name", "answers": {question: value}, "handling", "materials": [code, …], "fee", "days"}]}

A row is met when every question it names is answered by one of its values; each set of answers must meet exactly one row
(core.rules.decision). The questions are the first group of the application form (`Situations.group`), so that guide,
application, window and API ask them in the one way in which they ask everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from yichuang.catalogue.rules.form import Condition, Field, FormDefinition, Group, condition
from yichuang.core.rules import decision

GROUP = "situation"
"""The code of the group that the questions are in the application form."""
TITLE = "您的情形"
NO_FEE = "none"
"""A row's fee when nothing is charged; "" when the item's fees apply; else the name of the one that applies."""
MOST = 2000
"""Different sets of answers that a table may have."""
CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")
Answers = dict[str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """when: a cell for each question, in their order; empty: any answer. without: (material, reason). days: promised, shorter than the
    item's; None: the item's."""

    when: tuple[tuple[str, ...], ...]
    handling: str = ""
    without: tuple[tuple[str, str], ...] = ()
    fee: str = ""
    days: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """Stored answers and what they must yield. materials: codes of what is needed."""

    name: str
    answers: tuple[tuple[str, str], ...]
    handling: str = ""
    materials: tuple[str, ...] = ()
    fee: str = ""
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Situations:
    questions: tuple[Field, ...] = ()
    rows: tuple[Row, ...] = ()
    examples: tuple[Example, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.questions)

    @property
    def group(self) -> Group:
        """The questions as a group of the application form."""
        return Group(GROUP, TITLE, self.questions, help="回答后，只列出您要填的内容和要交的材料。")

    @property
    def as_group(self) -> dict[str, Any]:
        """The group in the data of a form definition."""
        return {
            "code": GROUP,
            "title": TITLE,
            "help": self.group.help,
            "fields": [
                {**self.as_question(q), "type": "choice", "required": True}
                | ({"when": q.when.as_dict()} if q.when else {})
                for q in self.questions
            ],
        }

    @staticmethod
    def as_question(question: Field) -> dict[str, Any]:
        """A question in the data of a form definition."""
        choices = [{"value": value, "label": label} for value, label in question.choices]
        return {"code": question.code, "label": question.label, "help": question.help, "choices": choices}

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(q.code for q in self.questions)

    def asked(self, answers: Mapping[str, Any]) -> list[Field]:
        """The questions that are asked under these answers, in order."""
        found: list[Field] = []
        given: Answers = {}
        for one in self.questions:
            if one.when is None or one.when.holds(given.get(one.when.field, "")):
                found.append(one)
                given[one.code] = _text(answers.get(one.code))
        return found

    def answered(self, answers: Mapping[str, Any]) -> Answers | None:
        """The answers of the questions asked, each one of its choices; None while one is open."""
        given = {one.code: _text(answers.get(one.code)) for one in self.asked(answers)}
        fit = all(given[one.code] in dict(one.choices) for one in self.questions if one.code in given)
        return given if fit else None

    def met(self, answers: Mapping[str, Any]) -> list[int]:
        """The numbers of the rows that the answers meet."""
        return decision.met(self.columns, [row.when for row in self.rows], self.answered(answers) or {})

    def row(self, answers: Mapping[str, Any]) -> Row | None:
        """The row that applies; None while a question is open, and where the table does not tell one row."""
        if not self.questions or self.answered(answers) is None:
            return None
        found = self.met(answers)
        return self.rows[found[0]] if len(found) == 1 else None

    def all_answers(self) -> Iterator[Answers]:
        """Every set of answers that can be given."""
        return self._extended({}, 0)

    def _extended(self, given: Answers, n: int) -> Iterator[Answers]:
        if n == len(self.questions):
            yield given
            return
        one = self.questions[n]
        if one.when is not None and not one.when.holds(given.get(one.when.field, "")):
            yield from self._extended(given, n + 1)
            return
        for value, _ in one.choices:
            yield from self._extended({**given, one.code: value}, n + 1)

    def say(self, answers: Mapping[str, str]) -> str:
        """Answers in words: "您是：个人；办理方式：新办"."""
        return "；".join(
            f"{q.label.rstrip('？?')}：{dict(q.choices).get(answers[q.code], answers[q.code])}"
            for q in self.questions
            if answers.get(q.code)
        )

    def say_row(self, row: Row) -> str:
        """The condition of a row in words; "其他情形" where it has none."""
        told = [
            f"{q.label.rstrip('？?')}：{'、'.join(dict(q.choices).get(v, v) for v in cell)}"
            for q, cell in zip(self.questions, row.when, strict=True)
            if cell
        ]
        return "；".join(told) or "任何情形"


@dataclass(frozen=True, slots=True)
class Problems:
    """Place ("questions.0.code") and what is wrong there."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, message: str) -> None:
        self.found.append((place, message))


def parse(given: Any) -> tuple[Situations, list[tuple[str, str]]]:
    """The definition as far as it can be read, and what is wrong with it (place, Chinese)."""
    wrong = Problems()
    if not given:
        return Situations(), []
    if not isinstance(given, Mapping):
        return Situations(), [("", "应为一组属性")]
    for key in given:
        if key not in ("questions", "rows", "examples"):
            wrong.add(str(key), f"不认识的属性“{key}”")
    questions = [
        q for n, one in enumerate(_list(given, "questions", wrong)) if (q := _question(one, f"questions.{n}", wrong))
    ]
    codes = [q.code for q in questions]
    for code in sorted({c for c in codes if codes.count(c) > 1}):
        wrong.add("questions", f"问题编码“{code}”重复")
    for n, question in enumerate(questions):
        _earlier(question, questions[:n], f"questions.{n}.when", wrong)
    rows = [r for n, one in enumerate(_list(given, "rows", wrong)) if (r := _row(one, questions, f"rows.{n}", wrong))]
    examples = [
        e
        for n, one in enumerate(_list(given, "examples", wrong))
        if (e := _example(one, questions, f"examples.{n}", wrong))
    ]
    return Situations(tuple(questions), tuple(rows), tuple(examples)), wrong.found


def with_situations(form: FormDefinition, situations: Situations) -> FormDefinition:
    """The application form with the questions in front."""
    return FormDefinition((situations.group, *form.groups)) if situations else form


def _list(given: Mapping[str, Any], key: str, wrong: Problems) -> Sequence[Any]:
    held = given.get(key) or []
    if isinstance(held, list):
        return held
    wrong.add(key, "应为列表")
    return []


def _question(given: Any, place: str, wrong: Problems) -> Field | None:
    if not isinstance(given, Mapping):
        wrong.add(place, "问题应为一组属性")
        return None
    code, text = _text(given.get("code")), _text(given.get("text"))
    if not CODE.fullmatch(code):
        wrong.add(f"{place}.code", f"问题编码“{code}”应以小写字母开头，只含小写字母、数字、下划线，不超过40位")
        return None
    if not text or len(text) > 100:
        wrong.add(f"{place}.text", "请写出问题，不超过100个字")
    choices: list[tuple[str, str]] = []
    told = given.get("choices") or []
    if not isinstance(told, list):
        wrong.add(f"{place}.choices", f"“{text}”的选项应为列表")
        told = []
    for one in told:
        value, label = (_text(one.get(k)) if isinstance(one, Mapping) else "" for k in ("value", "label"))
        if not decision.VALUE.fullmatch(value) or not label:
            wrong.add(f"{place}.choices", f"“{text}”的每个选项都要有值（字母、数字、下划线）和名称")
        elif value in dict(choices):
            wrong.add(f"{place}.choices", f"“{text}”的选项值“{value}”重复")
        else:
            choices.append((value, label))
    if len(choices) < 2:
        wrong.add(f"{place}.choices", f"“{text}”至少要有两个选项")
    when = None
    try:
        when = condition(given.get("when"))
    except ValueError as no:
        wrong.add(f"{place}.when", str(no))
    if when is not None and when.op == "ne":
        wrong.add(f"{place}.when", "条件只用“是”或者“属于”")
    return Field(code, text, "choice", True, _text(given.get("help")), choices=tuple(choices), when=when)


def _earlier(question: Field, before: Sequence[Field], place: str, wrong: Problems) -> None:
    """A question depends only on one asked before it, by its own choices."""
    when: Condition | None = question.when
    if when is None:
        return
    target = next((q for q in before if q.code == when.field), None)
    if target is None:
        wrong.add(place, f"“{question.label}”的条件应指向排在它之前的问题")
    elif any(_text(v) not in dict(target.choices) for v in when.value):
        wrong.add(place, f"“{question.label}”的条件用了“{target.label}”没有的选项")


def _row(given: Any, questions: Sequence[Field], place: str, wrong: Problems) -> Row | None:
    if not isinstance(given, Mapping):
        wrong.add(place, "行应为一组属性")
        return None
    held, without = given.get("when") or {}, given.get("without") or {}
    if not isinstance(held, Mapping) or not isinstance(without, Mapping):
        wrong.add(place, "when 与 without 应为一组属性")
        return None
    known = {q.code: q for q in questions}
    for code in held:
        if code not in known:
            wrong.add(f"{place}.when", f"没有问题“{code}”")
    cells = []
    for q in questions:
        values = held.get(q.code) or []
        cell = tuple(_text(v) for v in (values if isinstance(values, list) else [values]))
        for value in cell:
            if value not in dict(q.choices):
                wrong.add(f"{place}.when", f"“{q.label}”没有选项“{value}”")
        cells.append(tuple(v for v in cell if v in dict(q.choices)))
    for code, reason in without.items():
        if not _text(reason):
            wrong.add(f"{place}.without", f"材料“{code}”不需要的理由没有写")
    days = _days(given.get("days"), place, wrong)
    return Row(
        tuple(cells),
        _text(given.get("handling")),
        tuple((str(code), _text(reason)) for code, reason in without.items()),
        _text(given.get("fee")),
        days,
        _text(given.get("note"))[:500],
    )


def _days(value: Any, place: str, wrong: Problems) -> int | None:
    if value in (None, ""):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1000:
        return value
    wrong.add(f"{place}.days", f"承诺天数“{value}”应为正整数")
    return None


def _example(given: Any, questions: Sequence[Field], place: str, wrong: Problems) -> Example | None:
    if not isinstance(given, Mapping) or not isinstance(given.get("answers") or {}, Mapping):
        wrong.add(place, "用例应为一组属性")
        return None
    known = {q.code: q for q in questions}
    answers = {str(code): _text(value) for code, value in (given.get("answers") or {}).items() if _text(value)}
    for code, value in answers.items():
        if code not in known or value not in dict(known[code].choices):
            wrong.add(f"{place}.answers", f"用例的回答“{code}：{value}”不在问题的选项中")
    materials = given.get("materials") or []
    return Example(
        _text(given.get("name")),
        tuple(answers.items()),
        _text(given.get("handling")),
        tuple(_text(m) for m in materials) if isinstance(materials, list) else (),
        _text(given.get("fee")),
        _days(given.get("days"), place, wrong),
    )


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, (bool, list, dict)) else str(value).strip()
