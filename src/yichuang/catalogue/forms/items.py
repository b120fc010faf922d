"""Shapes of input: filters of the desk's list, an uploaded table, its columns, publication, retirement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.catalogue.models.item import STATES
from yichuang.catalogue.rules import content as shape
from yichuang.catalogue.rules import facts
from yichuang.core.forms import ChoiceField, FileField, Form, field


def _select(label: Any, choices: Sequence[tuple[Any, Any]]) -> ChoiceField:
    listed = [("", _("全部")), *choices]
    return ChoiceField(label=label, choices=listed, required=False, widget=forms.Select)


class DeskFilter(Form):
    """Filters of the list, in the address."""

    q = forms.CharField(
        label=_("名称、编码或俗称"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )

    def __init__(self, *args: Any, departments: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"] = _select(_("部门"), departments)
        self.fields["type"] = _select(_("类型"), list(facts.TASK_TYPES.items()))
        self.fields["state"] = _select(_("状态"), STATES)
        self.fields["online"] = _select(_("网办"), [("1", _("网上可办")), ("0", _("不可网办"))])


class UploadForm(Form):
    table = FileField(
        label=_("事项表"), kinds=("xlsx", "csv"), help_text=_("第一行是表头。编码可为 UTF-8 或 GB 18030。")
    )


class ColumnsForm(Form):
    """Which element each column of a table means. columns: its headings; guessed: element by heading."""

    error_title = _("列的对应需要修改")

    def __init__(self, *args: Any, columns: Sequence[str], guessed: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.columns = list(columns)
        elements = [
            ("", _("不导入")),
            ("dept_name", _("实施主体（dept_name）")),
            ("dept_code", _("实施主体编码（dept_code）")),
            *((name, f"{label}（{name}）") for name, label in shape.LABELS.items() if name != "department"),
        ]
        for n, heading in enumerate(self.columns):
            self.fields[f"c{n}"] = ChoiceField(
                label=heading, choices=elements, required=False, initial=guessed.get(heading, ""), widget=forms.Select
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        taken: dict[str, int] = {}
        for n, _heading in enumerate(self.columns):
            element = cleaned.get(f"c{n}")
            if not element:
                continue
            if element in taken:
                first = self.columns[taken[element]]
                self.add_error(f"c{n}", _("“%(first)s”已对应这一要素，请改选其中一列。") % {"first": first})
            taken.setdefault(element, n)
        for element, words in (("task_name", _("事项名称")), ("dept_name", _("实施主体"))):
            if element not in taken and not (element == "dept_name" and "dept_code" in taken):
                self.add_error(None, _("请指明哪一列是%(what)s。") % {"what": words})
        if not {"local_task_code", "task_code"} & set(taken):
            self.add_error(None, _("请指明哪一列是地方实施编码或实施编码。"))
        return cleaned

    @property
    def mapping(self) -> dict[str, str]:
        """element -> heading, of the columns that are read."""
        given = {self.cleaned_data.get(f"c{n}"): heading for n, heading in enumerate(self.columns)}
        return {element: heading for element, heading in given.items() if element}


class SheetForm(Form):
    """A blank form or a sample for one of a draft's materials."""

    kind = ChoiceField(label=_("是什么"), choices=[("form", _("空白表")), ("example", _("样表"))])
    file = FileField(
        label=_("文件"),
        kinds=("pdf", "docx", "xlsx", "jpg", "jpeg", "png", "ofd"),
        help_text=_("样表里的姓名、号码须是虚构的。"),
    )

    def __init__(self, *args: Any, materials: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["material"] = ChoiceField(label=_("材料"), choices=materials, widget=forms.Select)
        self.order_fields(["material", "kind", "file"])


class RetireForm(Form):
    reason = field(
        "text", label=_("废止原因"), max_length=200, help=str(_("公众和经办人都会看到，例如“法律修订，事项取消”。"))
    )
