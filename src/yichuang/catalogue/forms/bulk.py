"""Shapes of input of one change to many items: what is looked for, what is changed, why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.catalogue.forms.items import DeskFilter
from yichuang.catalogue.rules import bulk, publication
from yichuang.catalogue.rules.lists import LISTS
from yichuang.core.forms import ChoiceField, Form, field


class BulkFilter(DeskFilter):
    """Filters of the choice, in the address."""

    def __init__(self, *args: Any, departments: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, departments=departments, **kwargs)
        states = self.fields["state"]
        states.choices = [pair for pair in states.choices if pair[0] != "retired"]  # type: ignore[attr-defined]
        of_items = [(one.code, one.name) for one in LISTS.values() if one.source == "item"]
        self.fields["list"] = ChoiceField(
            label=_("清单"), choices=[("", _("全部")), *of_items], required=False, widget=forms.Select
        )


class ChangeForm(Form):
    """One change; which fields count depends on its kind (`rules.bulk`). One that has no kind is none."""

    error_title = _("改动需要修改")

    kind = ChoiceField(
        label=_("怎么改"), choices=[("", _("（不改）")), *bulk.KINDS.items()], required=False, widget=forms.Select
    )
    element = ChoiceField(label=_("要素"), required=False, widget=forms.Select)
    target = field(
        "longtext",
        label=_("要换掉的文字，或者材料名称"),
        required=False,
        max_length=bulk.LONGEST,
        help=_("换文字时填原文；免提交、保留理由时填材料的全名。"),
    )
    value = field(
        "longtext",
        label=_("新的值、新的文字、条目或者理由"),
        required=False,
        max_length=bulk.LONGEST,
        help=_("有代码的要素可填代码或名称；是否类填“是”或“否”。"),
    )
    law = field("text", label=_("原法规名称"), required=False, max_length=200)
    article = field("text", label=_("原条号"), required=False, max_length=60, help=_("如“第四条”。"))
    new_law = field("text", label=_("新法规名称"), required=False, max_length=200)
    new_article = field("text", label=_("新条号"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = {name: label for kind in bulk.KINDS for name, label in bulk.elements(kind).items()}
        self.fields["element"].choices = [("", _("（请选择）")), *named.items()]  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, str]:
        """As `rules.bulk` reads it; {} for none. What another kind needs is left out."""
        given = {name: str(text) for name, text in self.cleaned_data.items() if text}
        if "kind" not in given:
            return {}
        wanted = {"cite": ("law", "article", "new_law", "new_article")}.get(
            given["kind"], ("element", "target", "value")
        )
        return {name: text for name, text in given.items() if name == "kind" or name in wanted}

    @property
    def citing(self) -> list[Any]:
        return [self[name] for name in ("law", "article", "new_law", "new_article")]


class ChoiceForm(Form):
    """Codes as they were pasted."""

    error_title = _("选择的事项需要修改")

    codes = field(
        "longtext",
        label=_("事项编码"),
        required=False,
        max_length=120_000,
        help=_("每行一个，或者用空格、逗号隔开；与下表中勾选的合在一起。"),
    )


class ReasonForm(Form):
    reason = field(
        "longtext",
        label=_("修改理由"),
        max_length=publication.NOTE,
        help=_("写入每个事项的日志，例如“咨询电话统一改号”。"),
    )


class SendForm(Form):
    note = field(
        "longtext",
        label=_("修改说明"),
        max_length=publication.NOTE,
        help=_("改了什么、为什么改；每份草稿各自送审，都用这份说明。"),
    )


class OpinionForm(Form):
    opinion = field("longtext", label=_("审核意见"), required=False, max_length=publication.REMARK)
