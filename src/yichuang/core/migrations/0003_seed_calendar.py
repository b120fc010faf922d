"""The working-day calendar of the years whose notices are known, and the default hours of service."""

from django.db import migrations
from django.utils import timezone

from yichuang.core.calendar import seeding


def fill(apps, schema_editor):
    seeding.fill(apps, timezone.now())


class Migration(migrations.Migration):
    dependencies = [("core", "0002_append_only")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
