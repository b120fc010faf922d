"""Stages and situations of life with their items, and the editions of their booklet."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0005_laws'),
        ('core', '0004_shared_cache'),
    ]

    operations = [
        migrations.CreateModel(
            name='LifeStage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('division', models.CharField(max_length=12, verbose_name='行政区划')),
                ('code', models.CharField(max_length=30, verbose_name='代码')),
                ('name', models.CharField(max_length=30, verbose_name='名称')),
                ('summary', models.CharField(blank=True, max_length=200, verbose_name='一句话说明')),
                ('audience', models.CharField(choices=[('person', '个人'), ('legal', '企业')], max_length=10, verbose_name='服务对象')),
                ('position', models.PositiveSmallIntegerField(verbose_name='次序')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('division', 'code'), name='life_stage_code'), models.CheckConstraint(condition=models.Q(('audience__in', ['person', 'legal'])), name='life_stage_audience')],
            },
        ),
        migrations.CreateModel(
            name='LifeSituation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('division', models.CharField(max_length=12, verbose_name='行政区划')),
                ('code', models.CharField(max_length=30, verbose_name='代码')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('summary', models.CharField(blank=True, max_length=200, verbose_name='一句话说明')),
                ('position', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('stage', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='situations', to='catalogue.lifestage')),
            ],
        ),
        migrations.CreateModel(
            name='SituationItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='次序')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.item')),
                ('situation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='catalogue.lifesituation')),
            ],
        ),
        migrations.CreateModel(
            name='BookletEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('division', models.CharField(max_length=12, verbose_name='行政区划')),
                ('number', models.PositiveIntegerField(verbose_name='版次')),
                ('dated', models.DateField(verbose_name='编印日期')),
                ('digest', models.CharField(max_length=64)),
                ('stages', models.PositiveSmallIntegerField(verbose_name='阶段')),
                ('situations', models.PositiveSmallIntegerField(verbose_name='情形')),
                ('items', models.PositiveSmallIntegerField(verbose_name='事项')),
                ('nearby', models.PositiveSmallIntegerField(verbose_name='就近可办')),
                ('pages', models.PositiveSmallIntegerField(verbose_name='页数')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.file')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('division', 'number'), name='booklet_number')],
            },
        ),
        migrations.AddConstraint(
            model_name='lifesituation',
            constraint=models.UniqueConstraint(fields=('division', 'code'), name='life_situation_code'),
        ),
        migrations.AddConstraint(
            model_name='situationitem',
            constraint=models.UniqueConstraint(fields=('situation', 'item'), name='situation_item_once'),
        ),
        migrations.AddConstraint(
            model_name='situationitem',
            constraint=models.UniqueConstraint(fields=('situation', 'position'), name='situation_item_position'),
        ),
    ]
