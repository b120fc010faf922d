"""What a program that calls the API may do."""

from __future__ import annotations

from collections.abc import Collection
from types import MappingProxyType
from typing import Final

from yichuang.core.refusal import Refusal

SCOPES: Final = MappingProxyType(
    {
        "items:read": ("事项目录与办事指南（读）", ()),
        "items:write": ("事项草稿（写，不能发布）", ("catalogue_editor",)),
        "cases:read": ("办件（读）", ()),
        "cases:submit": ("代申请人提交办件", ()),
        "cases:intake": ("窗口收件", ("window_clerk",)),
        "cases:handle": ("受理与审查", ("window_clerk", "handler")),
        "licences:read": ("电子证照（读）", ()),
        "publicity:read": ("公示记录（读）", ()),
        "reviews:write": ("评价回传", ()),
    }
)
"""Scope of a program's token -> (its name, roles that come with it in the client's departments). A program never
decides: no scope brings reviewer, legal_reviewer or head."""


def check_scopes(scopes: Collection[str]) -> None:
    """Raises Refusal 422 for none or unknown ones."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        words = f"没有这样的权限范围：{'、'.join(unknown)}" if unknown else "请至少选择一个权限范围"
        raise Refusal("client.scopes", words + "。", "请从列表中选择权限范围。", fields={"scopes": words}, status=422)
