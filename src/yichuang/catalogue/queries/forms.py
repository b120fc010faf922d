"""An item's application form on paper: blank, and filled in with invented answers. Template "catalogue/application".

Forms and samples are given free of charge and shown in public (行政许可法 第三十条、第五十八条).
"""

from __future__ import annotations

from typing import Any

from yichuang.catalogue.queries.guide import Guide
from yichuang.catalogue.rules import samples
from yichuang.catalogue.rules.facts import MaterialFacts, VersionFacts
from yichuang.catalogue.rules.form import Field, Group, Values

BLANK_ROWS = 4
TABLE_COLUMNS = 5
"""A repeating group of more fields is printed as one block for each row, not as a table."""
DECLARATION = (
    "所填内容和所交材料真实、有效；隐瞒有关情况或者提供虚假材料的，依法承担责任（行政许可法第三十一条、第七十八条）。"
)
FORM_WORDS = ("申请表", "申请书", "登记表", "备案表", "信息表", "申报表")


def form_material(version: VersionFacts) -> MaterialFacts | None:
    """The material that is the application form itself, among what is brought or held; None when no material is."""
    if not version.form.groups:
        return None
    return next((m for m in version.materials if any(word in m.name for word in FORM_WORDS)), None)


def blank_form(told: Guide) -> dict[str, Any]:
    """The form to write on."""
    return _paper(told, {}, sample=False) | {
        "title": f"{told.version.name}申请表",
        "lead": "本表免费，可以手写，也可以在线填写。",
    }


def sample_form(told: Guide) -> dict[str, Any]:
    """The form filled in with invented answers, marked 样例 across each page."""
    v = told.version
    values = samples.invented(v.form, v.effective_on)
    return _paper(told, values, sample=True) | {
        "title": f"{v.name}申请表（填写样例）",
        "lead": "样例：表中的姓名、名称、号码和内容都是虚构的，只说明怎样填写。",
        "watermark": samples.MARK,
        "signed": f"{samples.NAME}（样例）",
        "signed_on": _day(v.effective_on),
    }


def _paper(told: Guide, values: Values, *, sample: bool) -> dict[str, Any]:
    v = told.version
    groups: list[dict[str, Any]] = []
    for group in v.form.groups:
        if sample and group.code not in values:
            continue  # not asked under these answers
        groups += _rows_of(told, group, values.get(group.code), sample)
    brought = [{"name": m.name, "note": "视情况" if m.when or m.need == "2" else ""} for m in told.brought]
    return {
        "organ": v.department,
        "groups": groups,
        "materials": brought,
        "declaration": DECLARATION,
        "sample": sample,
        "footer": f"事项编码 {v.item_code} · 第{v.number}版",
    }


def _rows_of(told: Guide, group: Group, held: Any, sample: bool) -> list[dict[str, Any]]:
    """What is printed of a group: a table where it repeats and is narrow, else a block of lines for each row."""
    rows: list[Values] = [r for r in (held if isinstance(held, list) else [held]) if isinstance(r, dict)]
    if not group.repeat:
        row = rows[0] if rows else {}
        shown = told.version.form.visible(group, {group.code: row}, row) if sample else group.fields
        return [_block(group.title, group.help, [_line(f, row, sample) for f in shown])]
    note = group.help or "可填多项，写不下时另附页。"
    if len(group.fields) <= TABLE_COLUMNS:
        cells = [[f.shown(row.get(f.code)) for f in group.fields] for row in rows]
        cells += [[""] * len(group.fields)] * (0 if sample else BLANK_ROWS)
        head = [f.label for f in group.fields]
        return [{"title": group.title, "note": note, "rows": [], "table": {"head": head, "rows": cells}}]
    blocks = rows or [{}]
    return [
        _block(f"{group.title}（{n}）", note if n == 1 else "", [_line(f, row, sample) for f in group.fields])
        for n, row in enumerate(blocks, 1)
    ]


def _block(title: str, note: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": title, "note": note, "rows": lines, "table": None}


def _day(iso: str) -> str:
    year, month, day = (int(part) for part in iso.split("-"))
    return f"{year}年{month}月{day}日"


def _line(field: Field, row: Values, sample: bool) -> dict[str, Any]:
    answer = row.get(field.code)
    chosen = answer if isinstance(answer, list) else [answer]
    choices = [{"label": label, "on": sample and value in chosen} for value, label in field.choices]
    if field.type == "boolean":
        choices = [{"label": "是", "on": answer is True}, {"label": "否", "on": answer is False}]
    return {
        "label": field.label + ("" if field.required else "（选填）"),
        "note": field.help,
        "long": field.type == "longtext",
        "choices": choices,
        "value": "" if choices or not sample else field.shown(answer),
    }
