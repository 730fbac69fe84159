"""The database refuses to change or delete a ledger entry; the head row starts the chain."""

from django.db import migrations

from ledger.guards import guard, unguard

TABLE = "ledger_ledgerentry"


def start_chain(apps, editor):
    apps.get_model("ledger", "LedgerHead").objects.using(editor.connection.alias).get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunPython(start_chain, migrations.RunPython.noop),
        migrations.RunPython(guard(TABLE), unguard(TABLE)),
    ]
