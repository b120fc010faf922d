"""The 业务办理项 that the applicant's situation told."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='handling',
            field=models.CharField(blank=True, max_length=40, verbose_name='业务办理项'),
        ),
    ]
