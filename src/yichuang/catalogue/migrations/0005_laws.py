"""The law library: what a law is, its versions and articles, the review of items that a new version touches."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0004_implementation'),
        ('identity', '0003_letter'),
    ]

    operations = [
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('number', models.PositiveSmallIntegerField()),
                ('branch', models.PositiveSmallIntegerField(default=0)),
                ('label', models.CharField(max_length=40)),
                ('chapter', models.CharField(blank=True, max_length=100)),
                ('text', models.TextField(blank=True, max_length=20000)),
                ('summary', models.TextField(blank=True, max_length=2000)),
            ],
        ),
        migrations.CreateModel(
            name='LawVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='次序')),
                ('number', models.CharField(blank=True, max_length=100, verbose_name='文号')),
                ('passed_on', models.DateField(blank=True, null=True, verbose_name='通过日期')),
                ('published_on', models.DateField(blank=True, null=True, verbose_name='公布日期')),
                ('effective_on', models.DateField(verbose_name='施行日期')),
                ('note', models.TextField(blank=True, max_length=4000, verbose_name='修订说明')),
                ('digest', models.CharField(max_length=64)),
                ('changes', models.JSONField(default=dict)),
                ('added_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ReviewTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seq', models.PositiveIntegerField(default=0, editable=False)),
                ('head', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('division', models.CharField(max_length=12, verbose_name='行政区划')),
                ('cause', models.CharField(choices=[('revision', '法规有新版本'), ('repeal', '法规已废止')], max_length=10, verbose_name='事由')),
                ('elements', models.JSONField(default=list, verbose_name='涉及要素')),
                ('state', models.CharField(choices=[('open', '待核对'), ('answered', '已核对')], default='open', max_length=10, verbose_name='状态')),
                ('due_on', models.DateField(verbose_name='应于')),
                ('answer', models.CharField(blank=True, choices=[('unchanged', '不需修改'), ('drafted', '已起草新版本')], max_length=10, verbose_name='结论')),
                ('reason', models.CharField(blank=True, max_length=1000, verbose_name='理由')),
                ('answered_by', models.CharField(blank=True, max_length=80)),
                ('answered_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name='law',
            name='head',
            field=models.CharField(blank=True, default='', editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='law',
            name='organ',
            field=models.CharField(blank=True, max_length=100, verbose_name='制定机关'),
        ),
        migrations.AddField(
            model_name='law',
            name='seq',
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name='law',
            name='source_url',
            field=models.URLField(blank=True, max_length=500, verbose_name='公布文本网址'),
        ),
        migrations.AddField(
            model_name='law',
            name='state',
            field=models.CharField(blank=True, choices=[('in_force', '现行有效'), ('amended', '已修改'), ('repealed', '已废止'), ('pending', '尚未施行')], max_length=10, verbose_name='效力'),
        ),
        migrations.AlterField(
            model_name='law',
            name='level',
            field=models.CharField(blank=True, max_length=20, verbose_name='层级'),
        ),
        migrations.AlterField(
            model_name='law',
            name='name',
            field=models.CharField(max_length=200, unique=True, verbose_name='名称'),
        ),
        migrations.AlterField(
            model_name='law',
            name='number',
            field=models.CharField(blank=True, max_length=100, verbose_name='文号'),
        ),
        migrations.AddIndex(
            model_name='law',
            index=models.Index(fields=['level', 'name'], name='law_level_name'),
        ),
        migrations.AddConstraint(
            model_name='law',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['', 'in_force', 'amended', 'repealed', 'pending'])), name='law_state'),
        ),
        migrations.AddField(
            model_name='lawversion',
            name='law',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='catalogue.law'),
        ),
        migrations.AddField(
            model_name='article',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='articles', to='catalogue.lawversion'),
        ),
        migrations.AddField(
            model_name='reviewtask',
            name='department',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.department'),
        ),
        migrations.AddField(
            model_name='reviewtask',
            name='draft',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.itemversion'),
        ),
        migrations.AddField(
            model_name='reviewtask',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='law_tasks', to='catalogue.item'),
        ),
        migrations.AddField(
            model_name='reviewtask',
            name='law',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='catalogue.law'),
        ),
        migrations.AddField(
            model_name='reviewtask',
            name='law_version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='catalogue.lawversion'),
        ),
        migrations.AddField(
            model_name='reviewtask',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='catalogue.itemversion'),
        ),
        migrations.AddConstraint(
            model_name='lawversion',
            constraint=models.UniqueConstraint(fields=('law', 'position'), name='law_version_position'),
        ),
        migrations.AddConstraint(
            model_name='lawversion',
            constraint=models.UniqueConstraint(fields=('law', 'digest'), name='law_version_digest'),
        ),
        migrations.AddConstraint(
            model_name='article',
            constraint=models.UniqueConstraint(fields=('version', 'number', 'branch'), name='law_article_number'),
        ),
        migrations.AddIndex(
            model_name='reviewtask',
            index=models.Index(fields=['division', 'state', 'due_on', 'id'], name='law_task_due'),
        ),
        migrations.AddConstraint(
            model_name='reviewtask',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'answered'])), name='law_task_state'),
        ),
        migrations.AddConstraint(
            model_name='reviewtask',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(('answer', ''), _negated=True), _connector='OR'), name='law_task_answer'),
        ),
        migrations.AddConstraint(
            model_name='reviewtask',
            constraint=models.UniqueConstraint(condition=models.Q(('cause', 'revision')), fields=('law_version', 'item'), name='law_task_one_per_version'),
        ),
        migrations.AddConstraint(
            model_name='reviewtask',
            constraint=models.UniqueConstraint(condition=models.Q(('cause', 'repeal'), ('state', 'open')), fields=('law', 'item'), name='law_task_one_repeal'),
        ),
    ]
