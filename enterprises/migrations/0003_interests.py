"""A declared interest has its days: it is ended, never removed."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0002_search_index")]

    operations = [
        migrations.RemoveConstraint(model_name="declaredinterest", name="interest_once"),
        migrations.AddField(
            model_name="declaredinterest",
            name="declared_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="申明时间"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="declaredinterest",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="结束时间"),
        ),
        migrations.AddConstraint(
            model_name="declaredinterest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("account", "enterprise"),
                name="interest_once",
            ),
        ),
    ]
