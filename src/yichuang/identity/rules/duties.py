"""Duties that law or GB/T 22239 keeps apart, and A/B posts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from types import MappingProxyType
from typing import Final

from yichuang.core.refusal import Refusal

FAMILY: Final = MappingProxyType(
    {
        "window_clerk": "operating",
        "handler": "operating",
        "reviewer": "operating",
        "legal_reviewer": "operating",
        "head": "operating",
        "catalogue_editor": "operating",
        "publicity_officer": "operating",
        "system_administrator": "system",
        "security_administrator": "security",
        "auditor": "audit",
    }
)
"""Role -> family of duties. GB/T 22239-2019 (8.1.5, 三权分立) keeps the three administrators apart from each other and
from the business they administer: per person."""

FAMILY_NAMES: Final = MappingProxyType(
    {"operating": "业务岗位", "system": "系统管理", "security": "安全管理", "audit": "审计管理"}
)

ROLE_NAMES: Final = MappingProxyType(
    {
        "window_clerk": "窗口人员",
        "handler": "承办人",
        "reviewer": "审核人",
        "legal_reviewer": "法制审核人",
        "head": "负责人",
        "catalogue_editor": "事项管理员",
        "publicity_officer": "公示专员",
        "system_administrator": "系统管理员",
        "security_administrator": "安全管理员",
        "auditor": "审计员",
    }
)

APART: Final = (
    (
        frozenset({"catalogue_editor", "legal_reviewer"}),
        "编制事项依据与要件的人不得兼任法制审核，法制审核须独立于规则的制定（国办发〔2018〕118号）",
    ),
)
"""Pairs of operating roles that one person cannot hold at once.

Not here, because the law keeps them apart per case and not per person: handler and reviewer of one case (审办分离),
handler and legal reviewer of one case, the hearing's chair and whoever examined it (行政许可法 48). One person may be
handler of this case and reviewer of that one; `cases` keeps those apart.
"""

WHOLE_DIVISION: Final = frozenset({"system_administrator", "security_administrator", "auditor"})
"""Administrators' roles are held for the whole division; they have no department's scope."""


def conflict(role: str, held: Collection[str]) -> str:
    """Why one person who holds these roles cannot hold `role` as well, in Chinese; "" if nothing stands against it."""
    for other in held:
        if FAMILY[other] != FAMILY[role]:
            return (
                f"{ROLE_NAMES[role]}属于{FAMILY_NAMES[FAMILY[role]]}，与已有的{ROLE_NAMES[other]}"
                f"（{FAMILY_NAMES[FAMILY[other]]}）不得由一人兼任（GB/T 22239-2019 权限分离）"
            )
        for pair, reason in APART:
            if pair == {role, other}:
                return f"{ROLE_NAMES[role]}与{ROLE_NAMES[other]}不得由一人兼任：{reason}"
    return ""


def may_grant(role: str, held: Collection[str], *, to_oneself: bool, scoped: bool) -> str:
    """The family of duties of the person after the grant.

    Raises Refusal: unknown role (422), a grant to oneself or to whom one stands in for (403), duties kept apart (409),
    a scope for a role of the whole division (422).
    """
    if role not in FAMILY:
        raise Refusal(
            "staff.unknown_role", "没有这个角色。", "请从角色列表中选择。", fields={"role": "请选择角色"}, status=422
        )
    if to_oneself:
        raise Refusal(
            "staff.grant_to_oneself",
            "不能给自己授权。",
            "请由另一名安全管理员办理。",
            law="GB/T 22239-2019",
            status=403,
        )
    if scoped and role in WHOLE_DIVISION:
        raise Refusal(
            "staff.scope_not_allowed",
            f"{ROLE_NAMES[role]}面向整个区划，不按部门或服务点授权。",
            "请将范围留空后再授权。",
            fields={"department": "此角色不选部门和服务点"},
            status=422,
        )
    reason = conflict(role, held)
    if reason:
        raise Refusal(
            "staff.duties_apart",
            f"不能授予：{reason}。",
            "请先终止不相容的角色，或另派人员担任。",
            law="GB/T 22239-2019",
            fields={"role": reason},
        )
    return FAMILY[role]


def may_stand_in(a_roles: Collection[str], b_roles: Collection[str]) -> None:
    """Raises Refusal 409 when B, with A's roles added, would unite duties that are kept apart."""
    for role in a_roles:
        reason = conflict(role, b_roles)
        if reason:
            raise Refusal(
                "staff.duties_apart",
                f"B岗不能顶替A岗：{reason}。",
                "请另选一名岗位相容的人员作为B岗。",
                fields={"b": reason},
            )


def stands_in(away_from: datetime | None, away_until: datetime | None, at: datetime) -> bool:
    """True while A of a post is away: [away_from, away_until), open-ended without an end."""
    return away_from is not None and away_from <= at and (away_until is None or at < away_until)
