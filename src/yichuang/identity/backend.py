"""Who signed in, for every request: the account with its staff row or its applicant, in one statement."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import QuerySet

from yichuang.core import compiled
from yichuang.identity.models import Account


class Backend(AuthenticationBackend):
    """allauth's, which reads the account of a session together with whom it stands for."""

    def get_user(self, user_id: Any) -> Account | None:
        account = compiled.one(_joined, int(user_id))
        return account if account is not None and self.user_can_authenticate(account) else None


def _joined(pk: int) -> QuerySet[Account]:
    return Account.objects.filter(pk=pk).select_related("staff", "applicant")
