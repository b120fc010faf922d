"""Checks of 情形引导: every set of answers meets one row, what a row names is there, the stored examples come out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules.findings import Context, Finding, error, warning
from yichuang.catalogue.rules.situations import GROUP, MOST, NO_FEE, Example, Row, Situations, parse

PLACE = "situations"
SHOWN = 3
"""Sets of answers that a finding names."""


def situations(c: shape.Content, _: Context) -> Iterator[Finding]:
    if not c["situations"]:
        return
    table, problems = parse(c["situations"])
    for place, problem in problems:
        yield error(
            "situation.shape", f"{PLACE}.{place}".rstrip("."), f"情形引导有误：{problem}。", "请在情形引导中改正。"
        )
    if any(g.get("code") == GROUP for g in (c["form"] or {}).get("groups") or [] if isinstance(g, dict)):
        yield error("situation.group", "form", f"申请表单已有编码为“{GROUP}”的组。", "请改用别的组编码。")
    if not table.questions or not table.rows:
        yield error("situation.empty", PLACE, "情形引导没有问题或没有决策行。", "请补上，或整个删去。")
        return
    if problems:
        return
    for n, row in enumerate(table.rows):
        yield from _names(c, row, n)
    every = list(islice(table.all_answers(), MOST + 1))
    if len(every) > MOST:
        yield error("situation.many", PLACE, f"问题的组合超过{MOST}种。", "请减少问题或选项，或让问题只在需要时才问。")
        return
    yield from _covered(table, every)
    yield from _unused(c, table)
    if not table.examples:
        yield warning("situation.examples", PLACE, "情形引导没有用例。", "请至少存一个用例，以后修改时自动核对。")
    for n, example in enumerate(table.examples):
        yield from _holds(c, table, example, n)


def _names(c: shape.Content, row: Row, n: int) -> Iterator[Finding]:
    place, told = f"{PLACE}.rows.{n}", f"第{n + 1}行"
    codes = {h["code"] for h in c["handlings"]}
    if row.handling and row.handling not in codes:
        yield error(
            "situation.handling", place, f"{told}的业务办理项“{row.handling}”不存在。", "请从本事项的业务办理项中选择。"
        )
    if codes and not row.handling:
        yield error("situation.handling", place, f"{told}没有业务办理项。", "请选择这种情形适用的业务办理项。")
    known = {m["code"] for m in c["materials"]}
    for code, _reason in row.without:
        if code not in known:
            yield error("situation.material", place, f"{told}的材料“{code}”不存在。", "请从申请材料中选择。")
    if row.fee not in ("", NO_FEE) and row.fee not in {f["fee_name"] for f in c["fees"]}:
        yield error(
            "situation.fee",
            place,
            f"{told}的收费项目“{row.fee}”不存在。",
            "请从收费项目中选择。",
            "《中华人民共和国行政许可法》第五十九条",
        )
    if row.days is not None and c["project_type"] == "1":
        yield error("situation.days", place, f"{told}写了承诺天数，而本事项当场办结。", "即办件不写天数。")
    elif row.days is not None and c["promise_day"] and row.days > c["promise_day"]:
        yield error(
            "situation.days", place, f"{told}的承诺{row.days}天超过事项的承诺时限{c['promise_day']}天。", "只能更短，请改正。",
        )  # fmt: skip


def _covered(table: Situations, every: list[dict[str, str]]) -> Iterator[Finding]:
    none, twice = [], []
    reached: set[int] = set()
    for answers in every:
        met = table.met(answers)
        reached.update(met)
        if not met:
            none.append(table.say(answers))
        elif len(met) > 1:
            twice.append(f"{table.say(answers)}（第{'、'.join(str(m + 1) for m in met)}行）")
    if none:
        yield error(
            "situation.none", PLACE, f"有{len(none)}种回答没有对应的行：{_first(none)}。", "请补上这些情形的行。"
        )
    if twice:
        yield error(
            "situation.twice", PLACE, f"有{len(twice)}种回答同时符合几行：{_first(twice)}。", "请把行写得互不重叠。"
        )
    for n in range(len(table.rows)):
        if n not in reached:
            yield warning(
                "situation.dead", f"{PLACE}.rows.{n}", f"第{n + 1}行永远不会适用。", "请核对条件，或删去这一行。"
            )


def _first(told: list[str]) -> str:
    return "；".join(f"〔{one}〕" for one in told[:SHOWN]) + ("等" if len(told) > SHOWN else "")


def _unused(c: shape.Content, table: Situations) -> Iterator[Finding]:
    used = {row.handling for row in table.rows}
    for one in c["handlings"]:
        if one["code"] not in used:
            yield warning(
                "situation.unreached", PLACE, f"业务办理项“{one['name']}”没有哪种情形会用到。", "请补上对应的情形。"
            )
    for material in c["materials"]:
        if all(material["code"] in dict(row.without) for row in table.rows):
            yield warning(
                "situation.never",
                PLACE,
                f"材料“{material['material_name']}”在任何情形下都不需要。",
                "请删去这项材料，或改正决策行。",
            )


def outcome(c: shape.Content, table: Situations, answers: dict[str, Any]) -> dict[str, Any] | None:
    """What answers yield, in the shape of an example: handling, materials, fee, days; None where no one row applies."""
    row = table.row(answers)
    if row is None:
        return None
    without = dict(row.without)
    needed = [m["code"] for m in c["materials"] if m["code"] not in without]
    return {"handling": row.handling, "materials": needed, "fee": row.fee, "days": row.days}


def _holds(c: shape.Content, table: Situations, example: Example, n: int) -> Iterator[Finding]:
    place, name = f"{PLACE}.examples.{n}", example.name or f"第{n + 1}个用例"
    found = outcome(c, table, dict(example.answers))
    if found is None:
        yield error("situation.example", place, f"用例“{name}”的回答得不出结果。", "请改正用例的回答或决策行。")
        return
    wanted = {
        "handling": example.handling,
        "materials": list(example.materials),
        "fee": example.fee,
        "days": example.days,
    }
    labels = {"handling": "业务办理项", "materials": "所需材料", "fee": "收费", "days": "承诺天数"}
    wrong = [labels[key] for key in wanted if wanted[key] != found[key]]
    if wrong:
        yield error(
            "situation.example",
            place,
            f"用例“{name}”的结果与存下的不同：{'、'.join(wrong)}。",
            "改动若是有意的，请更新用例；否则请改正决策行。",
        )
