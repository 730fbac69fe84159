from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("enterprises", "0006_audit_trail"),
    ]

    operations = [
        migrations.AddField(
            model_name="declaredinterest",
            name="salt",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
    ]
