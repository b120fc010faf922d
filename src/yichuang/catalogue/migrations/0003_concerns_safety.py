"""Whether a licence directly concerns safety (行政许可法 78, 79); the triggers then guard the new column too."""

from django.db import migrations, models

from yichuang.catalogue import triggers


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_immutable")]
    operations = [
        migrations.RunPython(drop, create),
        migrations.AddField(
            model_name="itemversion",
            name="concerns_safety",
            field=models.BooleanField(null=True, verbose_name="是否直接关系公共安全、人身健康、生命财产安全"),
        ),
        migrations.RunPython(create, drop),
    ]
