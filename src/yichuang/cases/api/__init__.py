"""API of cases: reading, applying, taking in at a window, and every verb as POST /cases/{number}/{verb}.

Persons and staff come with their session, programs with a bearer token and its scopes. What a caller may do is decided
by the same gate and the same rules as on the pages; a write with an Idempotency-Key is done once.
"""

from ninja import Router

from yichuang.cases.api import drafts, reads, verbs
from yichuang.core import paths  # noqa: F401 - brings {key:...}
from yichuang.identity.api.auth import auth

router = Router(tags=["办件"], auth=auth)
for part in (reads, drafts, verbs):
    part.add(router)

__all__ = ["router"]
