"""Follows and the telling of changes; 多证合一 of a version. The triggers then guard the new column too."""

import django.db.models.deletion
from django.db import migrations, models

from yichuang.catalogue import triggers


def create(apps, schema_editor):
    triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0010_situations'),
        ('identity', '0003_letter'),
    ]

    operations = [
        migrations.RunPython(drop, create),
        migrations.CreateModel(
            name='Telling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stream', models.CharField(max_length=80)),
                ('seq', models.PositiveIntegerField()),
                ('reached', models.BigIntegerField(default=0)),
                ('told', models.PositiveIntegerField(default=0, verbose_name='已告知')),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('stream', 'seq'), name='telling_once')],
            },
        ),
        migrations.CreateModel(
            name='Follow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('item', '事项'), ('law', '法规')], max_length=4, verbose_name='类别')),
                ('division', models.CharField(blank=True, max_length=12, verbose_name='行政区划')),
                ('followed_at', models.DateTimeField(verbose_name='关注时间')),
                ('applicant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='follows', to='identity.applicant')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='follows', to='catalogue.item')),
                ('law', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='follows', to='catalogue.law')),
            ],
            options={
                'indexes': [models.Index(fields=['applicant', '-followed_at', '-id'], name='follow_mine')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('item__isnull', False), ('kind', 'item'), ('law__isnull', True)), models.Q(('item__isnull', True), ('kind', 'law'), ('law__isnull', False)), _connector='OR'), name='follow_one_target'), models.UniqueConstraint(condition=models.Q(('kind', 'item')), fields=('item', 'applicant'), name='follow_item_once'), models.UniqueConstraint(condition=models.Q(('kind', 'law')), fields=('law', 'applicant'), name='follow_law_once')],
            },
        ),
        migrations.AddField(
            model_name='itemversion',
            name='merged_into',
            field=models.CharField(blank=True, max_length=100, verbose_name='多证合一并入事项编码'),
        ),
        migrations.RunPython(create, drop),
    ]
