"""Second factor: allauth's pages, each act with its event in the same transaction."""

from __future__ import annotations

from typing import Any, cast

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from yichuang.core.views import actor
from yichuang.identity import commands
from yichuang.identity.models import Account


class Noted:
    """Adds the event to what allauth writes."""

    event: str
    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of allauth's view
            account = cast(Account, self.request.user)
            commands.record_two_factor(account, event=self.event, by=actor(self.request), at=timezone.localtime())
        return answer


class Activate(Noted, ActivateTOTPView):
    event = "account.totp_added"


class Deactivate(Noted, DeactivateTOTPView):
    event = "account.totp_removed"


class RecoveryCodes(Noted, GenerateRecoveryCodesView):
    event = "account.recovery_codes_made"


class Authenticate(AuthenticateView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A form that brings no code at all gets the empty form again."""
        if "code" not in request.POST:
            return redirect("mfa_authenticate")
        return cast(HttpResponse, super().post(request, *args, **kwargs))
