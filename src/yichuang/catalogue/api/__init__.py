"""API of the catalogue. Public: no token is needed to read what is published."""

from ninja import Router

from yichuang.catalogue.api import adjustments, items, laws, life, lists

router = Router(tags=["事项"])
for part in (items, laws, life, lists, adjustments):
    router.add_router("", part.router)

__all__ = ["router"]
