"""情形引导: the decision table of a version; the triggers then guard the new column too."""

from django.db import migrations, models

from yichuang.catalogue import triggers


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0009_publication'),
    ]

    operations = [
        migrations.RunPython(drop, create),
        migrations.AddField(
            model_name='itemversion',
            name='situations',
            field=models.JSONField(blank=True, null=True, verbose_name='情形引导'),
        ),
        migrations.RunPython(create, drop),
    ]
