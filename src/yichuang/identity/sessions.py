"""Sessions in the database, read with a statement that is made once (SESSION_ENGINE)."""

from __future__ import annotations

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from yichuang.core import compiled


class SessionStore(db.SessionStore):
    """As Django's. `clearsessions` and everything that writes are Django's too."""

    def _get_session_from_db(self) -> Session | None:
        kept = compiled.one(_kept, self.session_key) if self.session_key else None
        if kept is None or kept.expire_date <= timezone.now():
            self._session_key = None
            return None
        return kept


def _kept(key: str) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key)
