"""Checkpoints and the kept parts of the tree; the database refuses to change or delete either."""

from django.db import migrations, models

from ledger.guards import guard, unguard

TABLES = ("ledger_ledgercheckpoint", "ledger_ledgersubtree")


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0004_governance_verbs'),
    ]

    operations = [
        migrations.CreateModel(
            name='LedgerCheckpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='条数')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('root', models.CharField(max_length=64, verbose_name='根')),
                ('note', models.TextField(verbose_name='签名文本')),
            ],
            options={
                'verbose_name': '台账检查点',
                'verbose_name_plural': '台账检查点',
                'ordering': ['-size'],
                'constraints': [models.CheckConstraint(condition=models.Q(('size__gte', 1)), name='ledger_checkpoint_from_1')],
            },
        ),
        migrations.CreateModel(
            name='LedgerSubtree',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField(verbose_name='层')),
                ('position', models.BigIntegerField(verbose_name='位置')),
                ('root', models.CharField(max_length=64, verbose_name='根')),
            ],
            options={
                'verbose_name': '台账子树',
                'verbose_name_plural': '台账子树',
                'constraints': [models.UniqueConstraint(fields=('level', 'position'), name='ledger_subtree_once')],
            },
        ),
        *[migrations.RunPython(guard(table), unguard(table)) for table in TABLES],
    ]
