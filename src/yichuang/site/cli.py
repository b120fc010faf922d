"""`yichuang`: the command line. Each group of commands lives in `site/cli/`; Django's own commands pass through."""

from __future__ import annotations

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yichuang.site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
