"""The guide of an item as people read it: one value for the page, the PDF and the API."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import accumulate, groupby
from typing import Any

from django.conf import settings

from yichuang.catalogue.models import Item
from yichuang.catalogue.models.item import PUBLISHED
from yichuang.catalogue.queries.versions import current
from yichuang.catalogue.rules import facts
from yichuang.catalogue.rules.facts import CitationFacts, MaterialFacts, StepFacts, VersionFacts
from yichuang.core.events import canonical, digest
from yichuang.identity.models import Department

Added = Callable[[VersionFacts], list[dict[str, Any]]]
"""What a higher floor adds to the printed guide: sections of `core/sheet`. Named in `site/wiring.py` GUIDE."""

SHOWN_ON_LICENCE = {
    "name": "名称",
    "address": "地址",
    "legal_representative": "法定代表人（负责人）",
    "scope": "许可范围",
    "id_number": "统一社会信用代码或证件号码",
}


@dataclass(frozen=True, slots=True)
class Guide:
    """The published version with the words of its codes. organ: whom to ask, complain to and sue. carrier: number and name of the
    item in force that this one is merged into (多证合一)."""

    version: VersionFacts
    organ: Department
    carrier: tuple[int, str] | None = None

    def mark(self, sheets: Mapping[str, Any]) -> str:
        """Changes with everything that the guide's page is drawn from: version, body, files. What was drawn under it may be kept."""
        v, organ = self.version, self.organ
        held = sorted((code, kind, file.pk) for code, kinds in sheets.items() for kind, file in kinds.items())
        body = [organ.name, organ.address, organ.phone, organ.complaint_phone, organ.review_organ, organ.court]
        return digest(canonical([v.id, v.item_id, v.number, v.digest, v.effective_on, v.department, body, held]))

    @property
    def elements(self) -> dict[str, Any]:
        return dict(self.version.elements)

    @property
    def type(self) -> str:
        return facts.TASK_TYPES.get(self.version.task_type, "")

    @property
    def audience(self) -> str:
        return facts.AUDIENCES.get(self.version.audience, "")

    @property
    def kind(self) -> str:
        return facts.PROJECT_TYPES.get(self.version.project_type, "")

    @property
    def promised(self) -> str:
        """ "当场办结", "5个工作日"."""
        v = self.version
        return facts.promised(v.project_type, v.promised_days, v.promised_type)

    @property
    def statutory(self) -> str:
        v = self.version
        return f"{v.statutory_days}{facts.DAY_TYPES.get(v.statutory_type, '天')}"

    @property
    def channels(self) -> list[str]:
        return [facts.HANDLE_TYPES.get(c, c) for c in self.version.channels]

    @property
    def deliveries(self) -> list[str]:
        return [facts.DELIVERIES.get(d, d) for d in self.version.deliveries]

    @property
    def brought(self) -> list[MaterialFacts]:
        """What the person brings."""
        return [m for m in self.version.materials if not m.exempt]

    @property
    def held(self) -> list[MaterialFacts]:
        """What need not be brought: held or shared by the government."""
        return [m for m in self.version.materials if m.exempt]

    @property
    def flow(self) -> list[list[StepFacts]]:
        """Steps side by side, group after group."""
        steps = sorted(self.version.steps, key=lambda s: s.group)
        return [list(group) for _, group in groupby(steps, key=lambda s: s.group)]

    @property
    def shown_on_licence(self) -> list[str]:
        """Labels of what the licence shows."""
        licence = self.version.licence
        return [self._label(path) for path in licence.fields] if licence else []

    def _label(self, path: str) -> str:
        field = self.version.form.field(path)
        return field.label if field else SHOWN_ON_LICENCE.get(path, path)

    @property
    def validity(self) -> str:
        licence = self.version.licence
        if not licence:
            return ""
        months = licence.validity_months
        if not months:
            return "长期有效"
        return f"有效期{months // 12}年" if months % 12 == 0 else f"有效期{months}个月"

    @property
    def result(self) -> str:
        licence = self.version.licence
        return licence.name if licence else str(self.elements.get("result_name") or "")

    @property
    def blank_form(self) -> bool:
        return bool(self.version.form.groups)


def guide(item_id: int) -> Guide:
    """The guide of a published item: 2 queries when the process knows the version, 3 for one of 多证合一. Raises Refusal 404."""
    version = current(item_id)
    return Guide(version, Department.objects.get(pk=version.department_id), _carrier(version))


def _carrier(version: VersionFacts) -> tuple[int, str] | None:
    """A query only for an item that is merged into another."""
    code = version.elements.get("merged_into")
    if not code:
        return None
    return Item.objects.filter(division=version.division, code=code, state=PUBLISHED).values_list("pk", "name").first()


def material_words(m: MaterialFacts) -> Iterator[str]:
    """What is asked of a material, piece by piece: 必要, 原件, 2份, 纸质或电子."""
    yield facts.NEEDS.get(m.need, "")
    yield m.original
    if m.copies and m.format != "2":
        yield f"{m.copies}份"
    yield facts.MATERIAL_FORMATS.get(m.format, "")


def source_words(m: MaterialFacts) -> str:
    return m.source_explain or facts.SOURCE_TYPES.get(m.source, "")


def citation_words(c: CitationFacts) -> str:
    return f"《{c.law}》{f'（{c.number}）' if c.number else ''}{c.article}"


def sheet(told: Guide) -> dict[str, Any]:
    """The guide for `core.documents`, template "core/sheet": one thing to print and take along."""
    v, e, organ = told.version, told.elements, told.organ
    fees = [f"{f.name}：{f.standard}（{f.by_law}）" for f in v.fees] if v.is_fee else ["不收费"]
    visits = f"{v.visits}次{f'（{why}）' if (why := e.get('limit_scene_explain')) else ''}" if v.visits else "不用跑"
    brought = [
        [str(n), m.name, "，".join(w for w in material_words(m) if w), _more(m)] for n, m in enumerate(told.brought, 1)
    ]
    sections: list[dict[str, Any]] = [
        {
            "title": "办理要点",
            "facts": [
                ["办理时限", told.promised if v.instant else f"承诺{told.promised}（法定{told.statutory}）"],
                ["收费", fees],
                ["到现场次数", visits],
                ["办理形式", "、".join(told.channels)],
                ["办理结果", "，".join(w for w in (told.result, told.validity) if w) or "办理结果文书"],
                ["送达方式", "、".join(told.deliveries)],
                *([["多证合一", f"办理“{told.carrier[1]}”时一并填报，不用再单独办理"]] if told.carrier else []),
            ],
        },
        {"title": "谁可以办", "list": list(v.conditions) or [e.get("accept_condition") or ""]},
    ]
    if brought:
        head = ["序号", "材料名称", "要求", "来源和说明"]
        sections.append({"title": "要带的材料", "table": {"head": head, "rows": brought, "widths": [1, 5, 4, 5]}})
    if told.held:
        sections.append({"title": "不用带的材料", "list": [f"{m.name}：{m.exempt}" for m in told.held]})
    if v.situations:
        head = ["情形", "办什么", "不用交的材料", "办理时限"]
        sections.append({"title": "按情形", "table": {"head": head, "rows": _situations(v), "widths": [4, 3, 5, 2]}})
    steps = [
        ["、".join(s.name for s in group), _days(group), "；".join(s.standard for s in group)] for group in told.flow
    ]
    if steps and not v.instant:
        head = ["环节", "时间", "审查标准"]
        sections.append({"title": "办理过程", "table": {"head": head, "rows": steps, "widths": [2, 2, 6]}})
    sections.append({"title": "设定依据", "list": _laws(v)})
    for add in import_module(settings.YICHUANG_WIRING).GUIDE:
        sections += add(v)
    sections += [
        {
            "title": "到哪里办、找谁问",
            "facts": [
                ["办理地点", e.get("transact_addr") or organ.address],
                ["办理时间", e.get("transact_time") or ""],
                ["咨询电话", e.get("link_way") or organ.phone],
                ["监督投诉", e.get("supervise_way") or organ.complaint_phone],
                ["行政复议", f"知道决定之日起60日内，向{organ.review_organ or '本级人民政府'}申请"],
                ["行政诉讼", f"知道决定之日起6个月内，向{organ.court or '有管辖权的人民法院'}起诉"],
            ],
        },
    ]
    return {
        "organ": v.department,
        "title": f"{v.name} 办事指南",
        "lead": v.summary,
        "sections": sections,
        "date": v.effective_on,
        "date_label": "本指南自下列日期起实施：",
        "footer": f"事项编码 {v.item_code} · 第{v.number}版",
    }


def _situations(v: VersionFacts) -> list[list[str]]:
    """The decision table in words, a row for each situation."""
    handlings = {h.key: h.name for h in v.handlings if h.key}
    names = {m.code: m.name for m in v.materials}
    unit = facts.DAY_TYPES.get(v.promised_type, "天")
    return [
        [
            v.situations.say_row(row),
            handlings.get(row.handling, v.name),
            "；".join(f"{names[code]}（{why}）" for code, why in row.without if code in names) or "无",
            "当场办结" if v.instant else f"{row.days or v.promised_days}{unit}",
        ]
        for row in v.situations.rows
    ]


def _laws(v: VersionFacts) -> list[str]:
    if not v.citations:
        return [v.by_law]
    told = [citation_words(c) + (f"：{c.summary}" if c.summary else "") for c in v.citations]
    places = "；".join(dict.fromkeys(place for c in v.citations if (place := facts.law_text_place(c.level))))
    return [*told, f"以上为条文大意。全文见：{places}。"] if places else told


def _more(m: MaterialFacts) -> str:
    standard = "；".join(w for w in (m.accept_standard, "、".join(m.points)) if w)
    said = (source_words(m), m.fill_explain, "视填写的情况需要" if m.when else "", standard and f"受理标准：{standard}")
    return "；".join(w for w in said if w)


def _days(group: list[StepFacts]) -> str:
    longest = max(s.days for s in group)
    return f"{longest}个工作日" if longest else "即时"


POSTER_LINES, POSTER_LINE, POSTER_STEPS = 8, 16, 6
"""What fits on the wall: lines of materials, characters of a line, steps."""


def poster(told: Guide) -> dict[str, Any]:
    """The item for the wall, template "catalogue/poster": the first materials and steps, the rest by the code."""
    v, e, organ = told.version, told.elements, told.organ
    names = [m.name for m in told.brought]
    lines = list(accumulate(-(-len(name) // POSTER_LINE) for name in names))
    shown = sum(line <= POSTER_LINES for line in lines)
    steps = ["申请", "受理", *("、".join(s.name for s in group) for group in told.flow), "送达"]
    return {
        "organ": organ.name,
        "title": v.name,
        "lead": e.get("summary") or "",
        "facts": [
            ["多久办好", told.promised],
            ["收费", "收费" if v.is_fee else "不收费"],
            ["跑几次", f"{v.visits}次" if v.visits else "不用跑"],
        ],
        "materials": names[:shown],
        "more": len(names) - shown,
        "steps": ["申请", "当场办结"] if v.instant else [*steps[: POSTER_STEPS - 1], steps[-1]],
        "place": e.get("transact_addr") or organ.address,
        "hours": e.get("transact_time") or "",
        "phone": e.get("link_way") or organ.phone,
    }
