"""Items as lists and pages need them."""

from __future__ import annotations

from yichuang.catalogue.models import Item, ItemVersion
from yichuang.catalogue.models.item import RETIRED
from yichuang.catalogue.rules.lint import Context
from yichuang.identity.models import Department


def lint_context(item: Item) -> Context:
    """What lint must know beyond the newest content of this item: codes of others, the issuer, the departments."""
    names = ("task_handle_item", "task_code", "local_task_code")
    codes = {code for row in ItemVersion.objects.filter(item=item).values_list(*names) for code in row if code}
    taken: dict[str, str] = {}
    for name in names:
        rows = ItemVersion.objects.filter(**{f"{name}__in": codes}, item__division=item.division).exclude(item=item)
        if name == "task_code":
            rows = rows.filter(task_handle_item="")
        taken |= dict(rows.exclude(state=RETIRED).values_list(name, "item__name"))
    return Context(
        taken=taken,
        issuer=item.department.uscc,
        departments=frozenset(Department.objects.filter(division=item.division).values_list("name", flat=True)),
    )
