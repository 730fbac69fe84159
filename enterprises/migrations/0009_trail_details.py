"""What an event was about; more kinds of events; events may go once they are old enough, and not before.

On SQLite a new column makes the table anew, and its triggers are gone with the old one.
"""

from django.db import migrations, models

from ledger.guards import Kept, guard, unguard

TABLE = "enterprises_auditevent"
# The least that is asked of such records: six months. How long they are really kept is a setting (AUDIT_TRAIL_DAYS).
KEPT = Kept("at", 184)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0008_reset_grants")]

    operations = [
        migrations.RunPython(unguard(TABLE), guard(TABLE)),
        migrations.AddField(
            model_name="auditevent",
            name="detail",
            field=models.JSONField(blank=True, default=dict, verbose_name="详情"),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("login", "登录"),
                    ("login_failed", "登录失败"),
                    ("logout", "退出登录"),
                    ("refused", "被拒绝的请求"),
                    ("exported", "导出"),
                    ("setting_changed", "设置变更"),
                    ("account_changed", "账户与授权变更"),
                    ("password_changed", "密码变更"),
                    ("locked_out", "登录锁定"),
                    ("lockout_released", "解除登录锁定"),
                    ("trail_pruned", "清理到期日志"),
                ],
                max_length=16,
                verbose_name="事项",
            ),
        ),
        migrations.RunPython(guard(TABLE, KEPT), unguard(TABLE)),
    ]
