"""The public lists (清单): what each selects of the catalogue, its columns, and how two editions differ.

A list is a line of LISTS. Its rows are drawn from one source: "item" (a version in force), "material" (a material of one),
"certificate" or "intermediary" (an entry that is listed). `wants` narrows by equality, in the names of the source; `takes` by a
condition. A row is a tuple of texts, one for each column; its key says what it is about, from edition to edition.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from yichuang.catalogue.rules import facts
from yichuang.core.events import ALGORITHM, canonical

Source = Mapping[str, Any]
Cells = tuple[str, ...]
Column = tuple[str, Callable[[Source], str]]

SERVICE_LAW = "《国务院关于加快推进政务服务标准化规范化便利化的指导意见》（国发〔2022〕5号）"
CONVENIENT_LAW = "《关于深入推进审批服务便民化的指导意见》（中办、国办，2018年）"


def _text(name: str) -> Callable[[Source], str]:
    return lambda one: str(one[name] if one[name] is not None else "")


def _of(name: str, words: Mapping[str, str]) -> Callable[[Source], str]:
    return lambda one: words.get(str(one[name]), "")


def _words(name: str, words: Mapping[str, str] | None = None) -> Callable[[Source], str]:
    return lambda one: "、".join((words or {}).get(str(w), str(w)) for w in one[name] or ())


def _yes(name: str) -> Callable[[Source], str]:
    return lambda one: "是" if one[name] else "否"


def period(days: int | None, kind: str) -> str:
    """ "当场办结", "5个工作日", "" when it is not told."""
    if days is None:
        return ""
    return f"{days}{facts.DAY_TYPES.get(kind, '天')}" if days else "当场办结"


def _promised(one: Source) -> str:
    return period(one["promise_day"], one["promise_type"])


def _statutory(one: Source) -> str:
    return period(one["anticipate_day"], one["anticipate_type"]) if one["anticipate_day"] else ""


def _licence(one: Source) -> str:
    return str((one["licence"] or {}).get("name") or one["result_name"])


def _basis(one: Source) -> str:
    return f"《{one['law']}》{one['article']}"


CODE: Column = ("事项编码", _text("item__code"))
NAME: Column = ("事项名称", _text("task_name"))
KIND: Column = ("事项类型", _of("task_type", facts.TASK_TYPES))
ORGAN: Column = ("实施主体", _text("department__name"))
AUDIENCE: Column = ("服务对象", _of("main_audience", facts.AUDIENCES))
LAW: Column = ("设定依据", _text("by_law"))
STATUTORY: Column = ("法定办结时限", _statutory)
PROMISED: Column = ("承诺办结时限", _promised)
VISITS: Column = ("到现场次数", _text("limit_scene_num"))
ONLINE: Column = ("网上可办", _yes("is_online"))
PLACE: Column = ("办理地点", _text("transact_addr"))
_ENTRY: tuple[Column, ...] = (("编码", _text("code")), ("名称", _text("name")))


@dataclass(frozen=True, slots=True)
class PublicList:
    """One 清单. about: what it is, for people. basis: the paper that asks for it. carrier: of an item, with
    the name of the item in force that it is merged into."""

    code: str
    name: str
    about: str
    basis: str
    columns: tuple[Column, ...]
    source: str = "item"
    wants: Mapping[str, Any] = field(default_factory=dict)
    carrier: bool = False
    takes: Callable[[Source], bool] = lambda _: True

    @property
    def headings(self) -> Cells:
        return tuple(heading for heading, _ in self.columns)

    def row(self, one: Source) -> Cells:
        return tuple(say(one) for _, say in self.columns)


_ALL: tuple[PublicList, ...] = (
    PublicList("service", "政务服务事项清单", "本级办理的全部政务服务事项。", SERVICE_LAW,
               (CODE, NAME, KIND, ORGAN, AUDIENCE, LAW, STATUTORY, PROMISED, ONLINE)),
    PublicList("licence", "行政许可事项清单", "须经许可才能从事的活动；清单之外不得设定和实施许可。",
               "《国务院办公厅关于全面实行行政许可事项清单管理的通知》（国办发〔2022〕2号）",
               (CODE, NAME, ("基本编码", _text("catalog_code")), ORGAN, LAW, STATUTORY, PROMISED, ("许可结果", _licence)),
               wants={"task_type": "01"}),
    PublicList("filing", "备案类事项清单", "办理后告知行政机关备查的事项；不得以备案之名行许可之实。", SERVICE_LAW,
               (CODE, NAME, ORGAN, AUDIENCE, LAW, PROMISED, ONLINE), wants={"is_filing": True}),
    PublicList("power", "权力和责任清单", "每项行政权力的依据、责任、追责情形和救济途径。",
               "《关于推行地方各级政府工作部门权力清单制度的指导意见》（中办发〔2015〕21号）",
               (CODE, NAME, KIND, ORGAN, LAW, ("责任事项", _text("duty")), ("追责情形", _text("liability")),
                ("救济途径", _text("remedy"))),
               takes=lambda one: one["task_type"] not in ("", "20")),
    PublicList("intermediary", "行政审批中介服务清单", "办理审批时可以要求的中介服务；清单之外不得作为受理条件。",
               "《优化营商环境条例》第四十三条；国办发〔2015〕31号",
               (*_ENTRY, ("服务成果", _words("products")), ("服务于", _text("serves")), ("设定依据", _basis),
                ("服务时限", lambda one: period(one["days"], "working") if one["days"] else "按约定"),
                ("服务流程", _text("flow")), ("机构条件", _text("conditions")), ("收费方式", _text("fee_way")),
                ("脱钩声明", _text("independence"))),
               source="intermediary"),
    PublicList("certificate", "证明事项清单", "可以要求提交的证明；清单之外不得索要。",
               "《优化营商环境条例》第四十四条；国办发〔2018〕47号",
               (*_ENTRY, ("用途", _text("purpose")), ("设定依据", _basis), ("效力级别", _text("law_level")),
                ("开具单位", _text("issuer")), ("替代方式", _text("way")), ("开具办法", _text("guidance"))),
               source="certificate"),
    PublicList("commitment", "告知承诺制事项清单", "书面承诺符合条件即可办理的事项。",
               "《国务院办公厅关于全面推行证明事项和涉企经营许可事项告知承诺制的指导意见》（国办发〔2020〕42号）",
               (CODE, NAME, KIND, ORGAN, AUDIENCE, LAW, PROMISED), wants={"is_commitment": True}),
    PublicList("reform", "证照分离改革事项清单", "直接取消审批、审批改为备案、实行告知承诺、优化审批服务的涉企经营许可。",
               "《国务院关于深化“证照分离”改革进一步激发市场主体发展活力的通知》（国发〔2021〕7号）",
               (CODE, NAME, KIND, ORGAN, ("改革方式", _of("reform_way", facts.REFORM_WAYS)), LAW, PROMISED),
               takes=lambda one: bool(one["reform_way"])),
    PublicList("merged", "多证合一事项清单", "已整合到登记证照上的备案和登记，办理登记时一并采集信息。",
               "《国务院办公厅关于加快推进“多证合一”改革的指导意见》（国办发〔2017〕41号）",
               (CODE, NAME, KIND, ORGAN, AUDIENCE, ("并入的事项", _text("carrier")), LAW), carrier=True,
               takes=lambda one: bool(one["carrier"])),
    PublicList("deferrable", "容缺受理清单", "主要材料齐全时可以先受理、后补交的材料。", SERVICE_LAW,
               (("事项编码", _text("version__item__code")), ("事项名称", _text("version__task_name")),
                ("实施主体", _text("version__department__name")), ("可容缺的材料", _text("material_name")),
                ("材料来源", _of("source_type", facts.SOURCE_TYPES)), ("说明", _text("fill_explain"))),
               source="material", wants={"is_need": "3"}),
    PublicList("cross", "跨区域通办事项清单", "在外地也能办理的事项和办理方式。",
               "《国务院办公厅关于加快推进政务服务“跨省通办”的指导意见》（国办发〔2020〕35号）",
               (CODE, NAME, ORGAN, AUDIENCE, ("通办范围", _words("handle_area")),
                ("办理方式", _words("cross_modes", facts.CROSS_MODES)), PROMISED),
               takes=lambda one: bool(one["cross_modes"])),
    PublicList("nearby", "就近办事项清单", "在街道、社区和就近服务点可以办理的事项。", CONVENIENT_LAW,
               (CODE, NAME, ORGAN, AUDIENCE, PLACE, PROMISED), wants={"is_nearby": True}),
    PublicList("mobile", "掌上办事项清单", "在手机上可以办理的事项。", SERVICE_LAW,
               (CODE, NAME, ORGAN, AUDIENCE, PROMISED, VISITS), wants={"is_mobile": True}),
    PublicList("instant", "马上办事项清单", "材料齐全当场办结的即办件。", CONVENIENT_LAW,
               (CODE, NAME, ORGAN, AUDIENCE, PLACE, PROMISED), wants={"project_type": "1"}),
    PublicList("once", "最多跑一次事项清单", "到办事现场不超过一次的事项，其中零次为不用跑。", CONVENIENT_LAW,
               (CODE, NAME, ORGAN, AUDIENCE, VISITS, ("须到现场的原因", _text("limit_scene_explain")), PROMISED),
               takes=lambda one: one["limit_scene_num"] is not None and one["limit_scene_num"] <= 1),
    PublicList("self", "自助办事项清单", "在自助终端可以办理的事项。", SERVICE_LAW,
               (CODE, NAME, ORGAN, AUDIENCE, PROMISED), wants={"is_service_terminals": True}),
)  # fmt: skip
LISTS: Mapping[str, PublicList] = {one.code: one for one in _ALL}


class Fold:
    """The digest of rows in their order: of their canonical texts, a line each."""

    def __init__(self, algorithm: str = ALGORITHM) -> None:
        self.algorithm = algorithm
        self.count = 0
        self._state = hashlib.new(algorithm)

    def add(self, key: str, cells: Iterable[str]) -> None:
        self._state.update(f"{canonical([key, *cells])}\n".encode())
        self.count += 1

    @property
    def digest(self) -> str:
        return self._state.hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is in both, and the columns that differ: heading, before, after."""

    key: str
    name: str
    columns: tuple[tuple[str, str, str], ...]


def changed(key: str, before: Mapping[str, str], after: Mapping[str, str], name: str) -> Change | None:
    """What differs between two rows by heading; a column that only one edition has is "" in the other. None: nothing."""
    headings = dict.fromkeys([*after, *before])
    columns = tuple((h, before.get(h, ""), after.get(h, "")) for h in headings if before.get(h, "") != after.get(h, ""))
    return Change(key, name, columns) if columns else None


@dataclass(slots=True)
class Difference:
    """Two states of a list. added, removed: (key, name) of rows, changed: what differs; each the first `most`; the counts are whole."""

    added: list[tuple[str, str]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    added_count: int = 0
    removed_count: int = 0
    changed_count: int = 0

    @property
    def any(self) -> bool:
        return bool(self.added_count or self.removed_count or self.changed_count)


def mark(headings: Iterable[str], cells: Iterable[str]) -> bytes:
    """What a row is compared by: the same whatever the order of the columns, and whether or not an empty one is there."""
    told = {h: c for h, c in zip(headings, cells, strict=True) if c}
    return hashlib.blake2b(canonical(told).encode(), digest_size=12).digest()
