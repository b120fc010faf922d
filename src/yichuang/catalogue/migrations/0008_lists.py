"""证明事项, 中介服务 and the editions of the public lists; triggers keep what was published (catalogue/list_triggers.py)."""

import django.db.models.deletion
from django.db import migrations, models

from yichuang.catalogue import list_triggers


def create(apps, schema_editor):
    list_triggers.create(schema_editor.connection)


def drop(apps, schema_editor):
    list_triggers.drop(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0007_adjustments'),
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField(default=0, editable=False)),
                ('head', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('division', models.CharField(max_length=12, verbose_name='行政区划')),
                ('code', models.CharField(max_length=40, verbose_name='编码')),
                ('name', models.CharField(max_length=200, verbose_name='名称')),
                ('names', models.JSONField(default=list, verbose_name='其他名称')),
                ('law', models.CharField(max_length=200, verbose_name='设定依据')),
                ('law_level', models.CharField(max_length=20, verbose_name='依据效力级别')),
                ('article', models.CharField(max_length=200, verbose_name='条款')),
                ('effective_on', models.DateField(verbose_name='列入日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='移出日期')),
                ('ended_for', models.CharField(blank=True, max_length=300, verbose_name='移出原因')),
                ('purpose', models.CharField(max_length=500, verbose_name='用途')),
                ('issuer', models.CharField(max_length=200, verbose_name='开具单位')),
                ('way', models.CharField(max_length=20, verbose_name='替代方式')),
                ('guidance', models.CharField(blank=True, max_length=1000, verbose_name='开具办法')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('division', 'code'), name='certificate_code'), models.CheckConstraint(condition=models.Q(('law_level__in', ('法律', '行政法规', '国务院决定', '地方性法规')), models.Q(('law', ''), _negated=True), models.Q(('article', ''), _negated=True)), name='certificate_basis'), models.CheckConstraint(condition=models.Q(('way__in', ('保留', '告知承诺', '部门核验', '取消'))), name='certificate_way'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('effective_on')), _connector='OR'), name='certificate_ended')],
            },
        ),
        migrations.CreateModel(
            name='Intermediary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField(default=0, editable=False)),
                ('head', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('division', models.CharField(max_length=12, verbose_name='行政区划')),
                ('code', models.CharField(max_length=40, verbose_name='编码')),
                ('name', models.CharField(max_length=200, verbose_name='名称')),
                ('names', models.JSONField(default=list, verbose_name='其他名称')),
                ('law', models.CharField(max_length=200, verbose_name='设定依据')),
                ('law_level', models.CharField(max_length=20, verbose_name='依据效力级别')),
                ('article', models.CharField(max_length=200, verbose_name='条款')),
                ('effective_on', models.DateField(verbose_name='列入日期')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='移出日期')),
                ('ended_for', models.CharField(blank=True, max_length=300, verbose_name='移出原因')),
                ('products', models.JSONField(default=list, verbose_name='服务成果')),
                ('serves', models.CharField(max_length=500, verbose_name='服务于')),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='服务时限（工作日）')),
                ('flow', models.CharField(max_length=1000, verbose_name='服务流程')),
                ('conditions', models.CharField(max_length=1000, verbose_name='机构条件')),
                ('fee_way', models.CharField(max_length=20, verbose_name='收费方式')),
                ('independence', models.CharField(max_length=500, verbose_name='脱钩声明')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on__isnull', True)), fields=('division', 'code'), name='intermediary_code'), models.CheckConstraint(condition=models.Q(('law_level__in', ('法律', '行政法规', '国务院决定', '地方性法规')), models.Q(('law', ''), _negated=True), models.Q(('article', ''), _negated=True)), name='intermediary_basis'), models.CheckConstraint(condition=models.Q(('fee_way__in', ('市场调节价', '政府指导价', '政府定价', '不收费'))), name='intermediary_fee_way'), models.CheckConstraint(condition=models.Q(('ended_on__isnull', True), ('ended_on__gte', models.F('effective_on')), _connector='OR'), name='intermediary_ended')],
            },
        ),
        migrations.CreateModel(
            name='ListEdition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField(default=0, editable=False)),
                ('head', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('division', models.CharField(max_length=12, verbose_name='行政区划')),
                ('code', models.CharField(max_length=20, verbose_name='清单')),
                ('number', models.PositiveIntegerField(verbose_name='版次')),
                ('title', models.CharField(max_length=200, verbose_name='标题')),
                ('published_on', models.DateField(verbose_name='公布日期')),
                ('columns', models.JSONField(default=list, verbose_name='栏目')),
                ('count', models.PositiveIntegerField(verbose_name='行数')),
                ('algorithm', models.CharField(max_length=10)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('division', 'code', 'number'), name='edition_number')],
            },
        ),
        migrations.CreateModel(
            name='EditionRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('key', models.CharField(max_length=150)),
                ('cells', models.JSONField(default=list)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='catalogue.listedition')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'position'), name='edition_row_position'), models.UniqueConstraint(fields=('edition', 'key'), name='edition_row_key')],
            },
        ),
        migrations.RunPython(create, drop),
    ]
