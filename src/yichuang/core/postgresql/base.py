"""The connection of a thread, kept from request to request."""

from __future__ import annotations

import select
import time

from django.db.backends.postgresql import base

TRUSTED = 30.0
"""Seconds after which the server is asked again."""


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's, but that before a request it is not asked `SELECT 1` each time: a server that went away has closed
    the connection, which its socket tells. It is asked when the socket has something to say, when the last answer is
    old, and after an error."""

    _answered: tuple[object, float] = (None, 0.0)

    def is_usable(self) -> bool:
        known, at = self._answered
        if known is self.connection and time.monotonic() - at < TRUSTED and not self.errors_occurred and self._quiet():
            return True
        usable = bool(super().is_usable())
        self._answered = (self.connection, time.monotonic()) if usable else (None, 0.0)
        return usable

    def _quiet(self) -> bool:
        """True when nothing has come from the server since its last answer: no end, no notice."""
        held = self.connection
        if held is None or held.closed:
            return False
        poll = select.poll()
        poll.register(held.fileno(), select.POLLIN)
        return not poll.poll(0)
