"""The database refuses to change the log: triggers on SQLite and PostgreSQL (core/triggers.py)."""

from django.db import migrations

from yichuang.core import triggers


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
