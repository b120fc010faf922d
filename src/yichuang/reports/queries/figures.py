"""Figures with their values, and the records behind each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from yichuang.catalogue import queries
from yichuang.core.refusal import Refusal
from yichuang.reports.queries import catalogue
from yichuang.reports.rules.figures import BY_ID, Counted, Figure, Told, chosen, tell


def figures(division: str, on: date, group: str = "") -> list[Told]:
    """The figures of a group as of a day, in the order of the registry; a constant number of queries. Raises Refusal 422."""
    wanted = chosen(group)
    if not wanted:
        groups = sorted({f.group for f in BY_ID.values()} | {f.id.partition(".")[0] for f in BY_ID.values()})
        raise Refusal("reports.no_group", f"没有“{group}”这组指标。", f"可用：{'、'.join(groups)}。", status=422)
    names = {f.id for f in wanted}
    counted: dict[str, Counted] = catalogue.counts(division, on)
    if names & {"central.material_cut", "central.time_cut"}:
        counted |= catalogue.change_counts(division, on)
    if names & {"life.stages", "life.situations", "life.items"}:
        counted |= catalogue.life_counts(division, on)
    if names & {"intermediary.kept", "commitment.items", "commitment.departments"}:
        counted |= catalogue.listed_counts(division, on)
    if "adjust.powers" in names:
        counted |= catalogue.adjust_counts(division, on)
    for showcase in catalogue.SHOWCASES:
        if any(name.startswith(f"{showcase}.") for name in names):
            counted |= catalogue.showcase_counts(division, on, showcase)
    return [tell(f, counted[f.id]) for f in wanted]


def figure_of(id: str) -> Figure:
    """Raises Refusal 404."""
    if id not in BY_ID:
        raise Refusal("reports.no_figure", "没有这项指标。", "请从指标列表中选择。", status=404)
    return BY_ID[id]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a figure is counted from. rows: to be paged. kind: "versions", "handlings" (implementation items), "changes" (versions shown
    with how they stood before), "powers" (lines of adjustments), "entries" (listed services), "rows" (of an edition of a list)."""

    rows: QuerySet[Any]
    kind: str = "versions"


def evidence(figure: Figure, division: str, on: date) -> Evidence:
    """The records behind a figure; of a rate those of its numerator."""
    base = catalogue.in_force(division, on).select_related("item", "department")
    if figure.id == "online.implementation":
        rows = catalogue.handlings(division, on).filter(is_online=True)
        return Evidence(rows.select_related("version", "version__department"), "handlings")
    if figure.id in ("central.material_cut", "central.time_cut"):
        return Evidence(base.filter(catalogue.SETS["central.items"]), "changes")
    group = figure.id.partition(".")[0]
    if group == "life":
        return Evidence(base.filter(item__in=queries.of_persons(division).values("item")))
    if group == "adjust":
        lines = queries.adjusted_powers(division, catalogue.SINCE, on)
        return Evidence(lines.select_related("adjustment"), "powers")
    if group == "intermediary":
        return Evidence(catalogue.intermediaries(division, on), "entries")
    if group == "commitment":
        return Evidence(catalogue.first_edition(division, on).select_related("edition"), "rows")
    if group in catalogue.SHOWCASES:
        return Evidence(base.filter(task_name=catalogue.SHOWCASES[group]), "changes")
    part = {"online.rate": "online.catalogue", "onenet.rate": "onenet.items", "central.departments": "central.items"}
    return Evidence(base.filter(catalogue.SETS[part.get(figure.id, figure.id)]))
