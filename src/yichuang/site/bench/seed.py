"""A migrated database with the model district's bodies, staff and catalogue, and no case."""

from __future__ import annotations

import os


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


if __name__ == "__main__":
    main()
