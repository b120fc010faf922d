"""The log of a bench's database is whole: every chain, and every case replayed beside its row. As a program."""

from __future__ import annotations

import os


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
    import django

    django.setup()
    from yichuang.core.verify import verify

    told = verify()
    if not told.clean:
        raise SystemExit(f"the log does not verify: {told.faults}")


if __name__ == "__main__":
    main()
