"""外发队列 on the desk: what other systems were told, what waits, what was given up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from yichuang.core import outbox
from yichuang.core.forms import Form, once
from yichuang.core.models import Message
from yichuang.core.paging import page
from yichuang.core.views import actor, desk

TONES = {Message.PENDING: "blue", Message.SENT: "green", Message.DEAD: "red"}


class Filters(Form):
    """In the URL."""

    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    adapter = forms.ChoiceField(label=gettext_lazy("去向"), required=False)
    about = forms.CharField(label=gettext_lazy("所涉事项"), required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("全部"))
        self.fields["state"].choices = [every, *Message.STATES]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["adapter"].choices = [every, *((n, n) for n in sorted(outbox.adapters()))]  # type: ignore[attr-defined]  # as above


@desk(roles=outbox.READERS)
@require_GET
def outbox_list(request: HttpRequest) -> HttpResponse:
    """The latest first, filters in the URL."""
    filters = Filters(request.GET or None)
    chosen = filters.cleaned_data if filters.is_bound and filters.is_valid() else {}
    found = page(outbox.messages(actor(request), **chosen), request, ("-id",))
    return render(request, "core/desk/outbox.html", {"page": found, "filters": filters, "tones": TONES})


@desk(roles=outbox.READERS)
@require_GET
def message(request: HttpRequest, number: int) -> HttpResponse:
    """One message: its tries, its receipt, who sent it again."""
    who = actor(request)
    found = outbox.message_for(who, number)
    return render(
        request,
        "core/desk/outbox_message.html",
        {
            "message": found,
            "tone": TONES[found.state],
            "resends": outbox.resends(found),
            "may_resend": who.has("system_administrator") and found.state != Message.SENT,
            "crumbs": [(_("外发队列"), reverse("core:outbox"))],
        },
    )


@desk(roles=("system_administrator",))
@require_POST
def resend(request: HttpRequest, number: int) -> HttpResponse:
    """Send it again now."""

    def act() -> HttpResponse:
        outbox.resend(number, by=actor(request), at=timezone.localtime())
        messages.success(request, _("已重新排入发送队列，将立即重发。"))
        return redirect("core:outbox_message", number)

    return once(request, act)
