"""Forms of the page kit: one look for every form, errors that can be mended, values that say where they came from.

`Form` renders completely with `{{ form }}`: error summary, fields with label, help and error tied together for
assistive technology. `field(kind, ...)` makes the form field for each kind of a form definition. `once(request, act)`
answers a form that is sent twice with the first answer.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import transaction
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yichuang.core import idempotency
from yichuang.core.events import digest
from yichuang.core.refusal import Refusal

Choices = Sequence[tuple[str, Any]]
RADIOS_UP_TO = 7
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")


class Field(BoundField):
    """A field as it is shown: knows its error's id, its source and how wide it is."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        if isinstance(shown, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
            name = "form-check-input"
        elif isinstance(shown, forms.Select):
            name = "form-select"
        elif not shown.is_hidden:
            name = "form-control"
        else:
            return attrs
        given = attrs.get("class") or shown.attrs.get("class", "")
        wrong = "is-invalid" if self.errors else ""
        attrs["class"] = " ".join(dict.fromkeys(f"{given} {name} {wrong}".split()))
        if self.source and self.auto_id:
            described = [str(attrs.get("aria-describedby") or self.aria_describedby or ""), f"{self.auto_id}_source"]
            attrs["aria-describedby"] = " ".join(part for part in described if part)
        return attrs

    @property
    def source(self) -> str:
        """Where the pre-filled value came from ("身份信息"), "" when the person types it."""
        return str(getattr(self.form, "sources", {}).get(self.name, ""))

    @property
    def is_checkbox(self) -> bool:
        return type(self.field.widget) is forms.CheckboxInput or isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def optional(self) -> bool:
        return not self.field.required

    @property
    def anchor(self) -> str:
        """The id that an error summary links to: the first input of a group, else the input itself."""
        if isinstance(self.field.widget, forms.RadioSelect) and self.auto_id:  # checkboxes of several are one, too
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id or ""

    @property
    def hints(self) -> str:
        """For a file: which kinds and how large, said before the person chooses."""
        return str(getattr(self.field, "hints", ""))


class Renderer(TemplatesSetting):
    """Django's forms drawn by the page kit's templates. Set as FORM_RENDERER, so that every form looks alike."""

    form_template_name = "core/kit/form.html"
    field_template_name = "core/kit/field.html"
    bound_field_class = Field


class Form(forms.Form):
    """Base of every form.

    sources: where each pre-filled value came from, by field name. error_title: heading of the summary.
    `take(refusal)` puts what a command refused beside the fields.
    """

    use_required_attribute = False  # the server's words are better than the browser's, and nothing is lost
    error_title: str | Promise = _("有内容需要修改")

    def __init__(self, *args: Any, sources: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sources: dict[str, str] = dict(sources or {})

    def take(self, refusal: Refusal | Mapping[str, str], *, prefix: str = "") -> None:
        """Put the messages of a Refusal (or a mapping of path -> message) at their fields.

        What names no field of this form, and a Refusal without fields, goes on top, with the next step.
        prefix: removed from the front of each path ("group." for a form that shows one group).
        """
        messages = refusal if isinstance(refusal, Mapping) else refusal.fields
        if not hasattr(self, "_errors") or self._errors is None:
            self.full_clean()
        placed = False
        for path, message in messages.items():
            name = path.removeprefix(prefix)
            known = name if name in self.fields else None
            self.add_error(known, message)
            placed = True
        if isinstance(refusal, Refusal) and not placed:
            self.add_error(None, f"{refusal.message}{refusal.next_step}")

    @property
    def error_summary(self) -> list[tuple[str, str]]:
        """(id of the input, message) of everything wrong, in the order of the fields; the id is "" for the form."""
        lines = [("", str(message)) for message in self.non_field_errors()]
        for bound in self.visible_fields():
            anchor = bound.anchor if isinstance(bound, Field) else bound.id_for_label
            lines += [(anchor, str(message)) for message in bound.errors]
        for bound in self.hidden_fields():
            lines += [("", str(message)) for message in bound.errors]
        return lines


class DateInput(forms.DateInput):
    """The browser's own date picker, which speaks the person's language; typed dates of every usual form are read."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"class": "yc-w-date", **(attrs or {})}, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A day. Reads 2026-11-24, 2026/11/24, 2026年11月24日 and 20261124."""

    widget = DateInput

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("input_formats", DATE_FORMATS)
        kwargs["error_messages"] = {
            "invalid": _("请填写真实存在的日期，例如 2026-11-24。"),
            **(kwargs.get("error_messages") or {}),
        }
        self.earliest, self.latest = earliest, latest
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        if self.earliest:
            attrs["min"] = self.earliest.isoformat()
        if self.latest:
            attrs["max"] = self.latest.isoformat()
        return attrs

    def validate(self, value: Any) -> None:
        super().validate(value)
        if isinstance(value, datetime):
            value = value.date()
        if value and self.earliest and value < self.earliest:
            raise forms.ValidationError(_("请填写 %(day)s 当天或以后的日期。") % {"day": self.earliest.isoformat()})
        if value and self.latest and value > self.latest:
            raise forms.ValidationError(_("请填写 %(day)s 当天或以前的日期。") % {"day": self.latest.isoformat()})


class MoneyInput(forms.TextInput):
    template_name = "core/kit/widgets/money.html"


class MoneyField(forms.DecimalField):
    """元, two decimals. Reads 1,000.50 and ￥1000."""

    widget = MoneyInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 16)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "inputmode": "decimal"}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # Django gives decimals; its stubs do not say so
        if isinstance(value, str):
            value = re.sub(r"[,，\s￥¥元]", "", value)
        return super().to_python(value)


class CompactField(forms.CharField):
    """Identifiers and telephone numbers: spaces and dashes that people type for reading are taken out, letters raised."""

    def __init__(self, *, keep: str = "", upper: bool = False, **kwargs: Any) -> None:
        self.keep, self.upper = keep, upper
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        text = re.sub(rf"[^\w{re.escape(self.keep)}]", "", str(super().to_python(value) or ""))
        return text.upper() if self.upper else text


class ChoiceField(forms.ChoiceField):
    """One of several: radios up to seven, a list beyond."""

    def __init__(self, *, choices: Choices = (), **kwargs: Any) -> None:
        if "widget" not in kwargs:
            kwargs["widget"] = forms.RadioSelect if len(choices) <= RADIOS_UP_TO else forms.Select
        listed = list(choices)
        if kwargs["widget"] is forms.Select and (not listed or listed[0][0] != ""):
            listed.insert(0, ("", _("请选择")))
        super().__init__(choices=listed, **kwargs)


class FileField(forms.FileField):
    """A file, with its kinds and size told beforehand. The command looks at the bytes; this looks at the name and size.

    kinds: extensions without dots; limit_mib: MiB.
    """

    def __init__(
        self, *, kinds: Iterable[str] = ("pdf", "jpg", "jpeg", "png"), limit_mib: int = 20, **kwargs: Any
    ) -> None:
        self.kinds = tuple(kinds)
        self.limit = limit_mib * 1024 * 1024
        shown = "、".join(dict.fromkeys(kind.replace("jpeg", "jpg").upper() for kind in self.kinds))
        self.hints = _("可上传 %(kinds)s 格式，不超过 %(size)s MB。") % {"kinds": shown, "size": limit_mib}
        kwargs.setdefault("validators", [
            FileExtensionValidator(self.kinds, message=_("请上传 %(kinds)s 格式的文件。") % {"kinds": shown}),
        ])  # fmt: skip
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": ",".join(f".{kind}" for kind in self.kinds)}

    def clean(self, data: Any, initial: Any = None) -> Any:
        cleaned = super().clean(data, initial)
        size = getattr(cleaned, "size", 0) or 0
        if size > self.limit:
            raise forms.ValidationError(
                _("文件有 %(size)s MB，超过了 %(limit)s MB。请压缩或分开上传。")
                % {"size": round(size / 1024 / 1024, 1), "limit": self.limit // 1024 // 1024}
            )
        return cleaned


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form definition says of a field; `common` is what every form field takes."""

    common: dict[str, Any]
    choices: Choices
    length: int | None
    low: Any
    high: Any


def field(
    kind: str,
    *,
    label: str | Promise,
    required: bool = True,
    help: str | Promise = "",
    choices: Choices = (),
    max_length: int | None = None,
    minimum: Any = None,
    maximum: Any = None,
    pattern: str = "",
    initial: Any = None,
) -> forms.Field:
    """The form field of one kind of a form definition.

    kind: text, longtext, integer, decimal, money, date, choice, choices, boolean, phone, citizen_id, uscc, address,
    email, file. minimum, maximum: numbers, or ISO dates for a date. Raises KeyError for an unknown kind.
    """
    missing = (_("请选择%(label)s。") if kind in ("choice", "choices", "file") else _("请填写%(label)s。")) % {
        "label": label
    }
    if kind == "boolean":
        missing = _("请勾选“%(label)s”后继续。") % {"label": label}
    common: dict[str, Any] = {
        "label": label,
        "required": required,
        "help_text": help,
        "initial": initial,
        "error_messages": {"required": missing},
    }
    made = _KINDS[kind](Asked(common, choices, max_length, minimum, maximum))
    if pattern:
        made.validators.append(
            RegexValidator(rf"^(?:{pattern})$", _("%(label)s的格式不对，请对照说明修改。") % {"label": label})
        )
    return made


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value


def _line(asked: Asked, length: int, **attrs: Any) -> forms.Field:
    return forms.CharField(max_length=length, widget=forms.TextInput(attrs=attrs), **asked.common)


def _lines(asked: Asked, length: int, **attrs: Any) -> forms.Field:
    return forms.CharField(max_length=length, widget=forms.Textarea(attrs=attrs), **asked.common)


def _number(made: type[forms.IntegerField], asked: Asked, mode: str) -> forms.Field:
    shown = forms.TextInput(attrs={"inputmode": mode, "class": "yc-w-short"})
    return made(min_value=asked.low, max_value=asked.high, widget=shown, **asked.common)


def _identifier(asked: Asked) -> forms.Field:
    shown = forms.TextInput(attrs={"class": "yc-w-id", "autocomplete": "off"})
    return CompactField(upper=True, max_length=18, widget=shown, **asked.common)


def _phone(asked: Asked) -> forms.Field:
    shown = forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel", "class": "yc-w-medium"})
    return CompactField(keep="+-", max_length=20, widget=shown, **asked.common)


_KINDS: dict[str, Callable[[Asked], forms.Field]] = {
    "text": lambda a: _line(a, a.length or 200),
    "longtext": lambda a: _lines(a, a.length or 2000, rows=4),
    "integer": lambda a: _number(forms.IntegerField, a, "numeric"),
    "decimal": lambda a: _number(forms.DecimalField, a, "decimal"),
    "money": lambda a: MoneyField(min_value=a.low, max_value=a.high, **a.common),
    "date": lambda a: DateField(earliest=_day(a.low), latest=_day(a.high), **a.common),
    "choice": lambda a: ChoiceField(choices=a.choices, **a.common),
    "choices": lambda a: forms.MultipleChoiceField(choices=a.choices, widget=forms.CheckboxSelectMultiple, **a.common),
    "boolean": lambda a: forms.BooleanField(**a.common),
    "phone": _phone,
    "citizen_id": _identifier,
    "uscc": _identifier,
    "address": lambda a: _lines(a, a.length or 200, rows=2, autocomplete="street-address"),
    "email": lambda a: forms.EmailField(max_length=a.length or 254, **a.common),
    "file": lambda a: FileField(**a.common),
}
KINDS = tuple(_KINDS)


WAIT_SECONDS = 8.0
"""How long the second sending of a form waits for the first to end."""


def once(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """Run `act` (a command, then a redirect) once for the `form_key` of this form, however often it is sent.

    A repeat gets the first redirect again; while the first is under way, the repeat waits for it. An answer that is no
    redirect (the form again, with errors) and a Refusal write nothing and leave the key free. A form without a key is
    simply done. Refusal 409 "form.under_way" when the first did not end in time.
    """
    key = request.POST.get("form_key", "")
    if not key:
        return act()
    same = digest(f"{request.method}\n{request.get_full_path()}", "sha256")
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            kept = idempotency.reserve(idempotency.client_of(request), f"form:{key}", same, timezone.now())
            break
        except Refusal as no:
            if no.code != "idempotency.under_way":
                raise
            if time.monotonic() > until:
                raise Refusal(
                    "form.under_way",
                    "您刚才的提交正在办理。",
                    "请不要重复提交，稍等片刻后刷新页面查看结果。",
                    status=409,
                ) from no
        time.sleep(0.2)
    if kept.finished_at is not None:
        return idempotency.replayed(kept)
    try:
        with transaction.atomic():
            response = act()
            if 300 <= response.status_code < 400:
                idempotency.keep(kept, response, timezone.now())
                return response
            transaction.set_rollback(True)
    except BaseException:
        idempotency.free(kept)
        raise
    idempotency.free(kept)
    return response
