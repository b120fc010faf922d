"""A migrated database with the model district's bodies, staff and catalogue, and no case; and so many citizens.

As a program: `python -m yichuang.site.bench.seed [CITIZENS]`. The citizens sign in as bench-0, bench-1, ...
"""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    from yichuang.site.demo import district
    from yichuang.site.demo.load import enter_people

    at = timezone.localtime()
    district.enter(at)
    enter_people(at)
    citizens(int(sys.argv[1]) if len(sys.argv) > 1 else 0)


def citizens(count: int) -> None:
    from random import Random

    from django.utils import timezone

    from yichuang.site.bench.story import register

    rng = Random(20261124)  # noqa: S311 - invented data
    for n in range(count):
        register(f"bench-{n}", f"1901{n:07d}", rng, timezone.localtime())


if __name__ == "__main__":
    main()
