"""What the forms of all verbs share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from yichuang.core.forms import Form

if TYPE_CHECKING:
    from yichuang.cases.queries import CasePage

Words = Any


def long_text(
    label: Words, *, required: bool = True, help: Words = "", rows: int = 3, initial: str = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help,
        initial=initial,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": _("请填写%(label)s。") % {"label": label}},
    )


class ActForm(Form):
    """A verb on a case. page: the case as the actor sees it. staff: (key, name) who may be named, where the verb names
    somebody. tone: "seal" for official acts, "danger" for an end, "primary" else. layout: template of the fields, "" for one below the other.
    button: its words, where the verb's own say too little."""

    verb: ClassVar[str] = ""
    tone: ClassVar[str] = "primary"
    lead: ClassVar[Words] = ""
    layout: ClassVar[str] = ""
    button: ClassVar[Words] = ""
    multipart: ClassVar[bool] = False
    names_staff: ClassVar[bool] = False
    error_title = _("还不能办理")

    def __init__(
        self, page: CasePage, data: Any = None, *, staff: Iterable[tuple[int, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.page = page
        self.staff = tuple((str(key), name) for key, name in staff)
        self.build()

    def build(self) -> None:
        """Fields that depend on the case."""

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of the command, from a valid form."""
        return dict(self.cleaned_data)

    @property
    def parts(self) -> list[Any]:
        """For a form that shows its fields in groups (material by material); empty for a plain one."""
        return []
