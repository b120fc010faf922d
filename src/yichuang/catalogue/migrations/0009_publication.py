"""The way into force by two persons, and remarks on versions; the triggers then guard the new columns too."""

import django.db.models.deletion
from django.db import migrations, models

from yichuang.catalogue import triggers


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0008_lists'),
        ('identity', '0003_letter'),
    ]

    operations = [
        migrations.RunPython(drop, create),
        migrations.CreateModel(
            name='VersionRemark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('element', models.CharField(blank=True, max_length=40, verbose_name='要素')),
                ('text', models.CharField(max_length=1000, verbose_name='批注')),
                ('author', models.CharField(max_length=80)),
                ('author_name', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
                ('settled_by', models.CharField(blank=True, max_length=80)),
                ('settled_name', models.CharField(blank=True, max_length=80)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('number',),
            },
        ),
        migrations.AddField(
            model_name='itemversion',
            name='approved_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='effective_planned',
            field=models.DateField(blank=True, null=True, verbose_name='计划实施日期'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='stage',
            field=models.CharField(blank=True, choices=[('', '拟订中'), ('submitted', '待法制审核'), ('approved', '待生效')], max_length=10, verbose_name='送审情况'),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='submitted_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='itemversion',
            name='submitted_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddIndex(
            model_name='itemversion',
            index=models.Index(condition=models.Q(('stage', ''), _negated=True), fields=['stage', 'submitted_at', 'id'], name='version_reviews'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(('stage', ''), models.Q(('state', 'draft'), ('stage__in', ['submitted', 'approved']), models.Q(('submitted_by', ''), _negated=True)), _connector='OR'), name='version_stage'),
        ),
        migrations.AddConstraint(
            model_name='itemversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('stage', 'approved'), _negated=True), models.Q(('approved_by', ''), _negated=True), _connector='OR'), models.Q(('approved_by', ''), models.Q(('approved_by', models.F('submitted_by')), _negated=True), _connector='OR')), name='version_second_person'),
        ),
        migrations.AddField(
            model_name='versionremark',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='remarks', to='catalogue.itemversion'),
        ),
        migrations.AddConstraint(
            model_name='versionremark',
            constraint=models.UniqueConstraint(fields=('version', 'number'), name='remark_number'),
        ),
        migrations.AddConstraint(
            model_name='versionremark',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by', '')), models.Q(models.Q(('settled_by', ''), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='remark_settled'),
        ),
        migrations.RunPython(create, drop),
    ]
