"""The database refuses to change a published version: triggers on SQLite and PostgreSQL (catalogue/triggers.py)."""

from django.db import migrations

from yichuang.catalogue import triggers


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
