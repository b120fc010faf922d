"""Implementation items as rows, and what else the public lists are drawn from; the triggers then guard the new columns too."""

import django.db.models.deletion
from django.db import migrations, models

from yichuang.catalogue import triggers

IMPLIED = """
INSERT INTO catalogue_handling
    (version_id, position, implied, code, name, task_handle_item, is_online, is_window, only_online, exempt)
SELECT id, 0, %s, 'h1', task_name, CASE WHEN task_handle_item = '' THEN task_code ELSE task_handle_item END,
    COALESCE(is_online, %s), COALESCE(is_entry_center, %s), %s, ''
FROM catalogue_itemversion
"""
"""Every version that stands has itself as its one implementation item."""


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


def imply(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(IMPLIED, [True, False, False, False])
        if schema_editor.connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # nothing may be pending when the triggers are made


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0003_concerns_safety'),
        ('identity', '0003_letter'),
    ]

    operations = [
        migrations.RunPython(drop, create),
        migrations.CreateModel(
            name='Handling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('implied', models.BooleanField(default=False)),
                ('code', models.CharField(max_length=40)),
                ('name', models.CharField(max_length=1000, verbose_name='名称')),
                ('task_handle_item', models.CharField(blank=True, max_length=33, verbose_name='业务办理项编码')),
                ('is_online', models.BooleanField(verbose_name='网上可办')),
                ('is_window', models.BooleanField(verbose_name='大厅窗口办理')),
                ('only_online', models.BooleanField(default=False, verbose_name='只在网上办理')),
                ('exempt', models.CharField(blank=True, max_length=300, verbose_name='不进驻理由')),
            ],
        ),
        migrations.AddField(
            model_name='itemversion',
            name='cross_modes',
            field=models.JSONField(default=list, verbose_name='跨区域办理方式'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='duty',
            field=models.TextField(blank=True, verbose_name='责任事项'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='is_commitment',
            field=models.BooleanField(null=True, verbose_name='是否实行告知承诺'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='is_filing',
            field=models.BooleanField(null=True, verbose_name='是否备案类'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='is_nearby',
            field=models.BooleanField(null=True, verbose_name='是否就近办理'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='liability',
            field=models.TextField(blank=True, verbose_name='追责情形'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='reform_way',
            field=models.CharField(blank=True, max_length=1, verbose_name='证照分离改革方式'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='remedy',
            field=models.TextField(blank=True, verbose_name='救济途径'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='taken_over_from',
            field=models.CharField(blank=True, max_length=80, verbose_name='划转前实施部门'),
        ),
        migrations.AddField(
            model_name='material',
            name='certificate',
            field=models.CharField(blank=True, max_length=40, verbose_name='证明事项编码'),
        ),
        migrations.AddField(
            model_name='material',
            name='intermediary',
            field=models.CharField(blank=True, max_length=40, verbose_name='中介服务编码'),
        ),
        migrations.AddField(
            model_name='material',
            name='justified',
            field=models.CharField(blank=True, max_length=300, verbose_name='保留理由'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(('reform_way', ''), ('reform_way__in', ['1', '2', '3', '4']), _connector='OR'), name='version_reform_way'),
        ),
        migrations.AddField(
            model_name='handling',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handlings', to='catalogue.itemversion'),
        ),
        migrations.AddConstraint(
            model_name='handling',
            constraint=models.UniqueConstraint(fields=('version', 'code'), name='handling_code'),
        ),
        migrations.RunPython(imply, migrations.RunPython.noop),
        migrations.RunPython(create, drop),
    ]
