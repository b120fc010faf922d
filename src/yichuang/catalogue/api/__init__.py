"""API of the catalogue. Public: no token is needed to read what is published; drafts are for editors and programs with items:write."""

from ninja import Router

from yichuang.catalogue.api import adjustments, bulk, drafts, follows, items, laws, life, lists, needs

router = Router(tags=["事项"])
for part in (items, laws, life, lists, adjustments, bulk, drafts, follows, needs):
    router.add_router("", part.router)

__all__ = ["router"]
