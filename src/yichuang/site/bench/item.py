"""The bench's item as its clients know it: key, answers to its form, materials, steps, who works at the desk.

As a program it prints them as JSON: clients need no Django.
"""

from __future__ import annotations

import json
import os
from random import Random
from typing import Any

ITEM = "小餐饮经营许可"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
    import django

    django.setup()
    print(json.dumps(plan()))  # noqa: T201 - the answer of this program


def plan() -> dict[str, Any]:
    from django.utils import timezone

    from yichuang.catalogue import queries as catalogue
    from yichuang.catalogue.models import Item
    from yichuang.site.bench.running import encoded
    from yichuang.site.demo import district, invent

    item = Item.objects.get(name=ITEM)
    version = catalogue.current(item.pk)
    rng = Random(7)  # noqa: S311 - invented data
    known = {"applicant.name": "演示申请人", "applicant.phone": "19000000001", "applicant.address": invent.address(rng)}
    values = invent.answers(version, known, rng, timezone.localdate())
    return {
        "item": item.pk,
        "password": district.PASSWORD,
        "staff": {"clerk": "chuangkou", "handler": "chengban", "reviewer": "shenhe"},
        "answers": values,
        "materials": [m.code for m in version.materials_for(values) if m.required],
        "steps": [s.code for s in version.steps_for(values) if s.kind != "decide"],
        "picture": encoded(invent.picture("bench")),
    }


if __name__ == "__main__":
    main()
