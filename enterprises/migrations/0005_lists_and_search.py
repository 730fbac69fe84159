"""The filter by 十百千, and what PostgreSQL is told of the search table.

Pairs wait in the index's pending list, which every search reads through: it is kept short. How common a fragment
is the planner learns from a sample of the texts (search.py asks it): the sample has to be fine enough for one in
a hundred.
"""

from django.db import migrations, models

FORWARD = [
    "ALTER INDEX enterprises_search_grams SET (gin_pending_list_limit = 256)",
    "SELECT gin_clean_pending_list('enterprises_search_grams')",
    "ALTER TABLE enterprises_enterprisesearch ALTER COLUMN text SET STATISTICS 500",
]
BACKWARD = [
    "ALTER TABLE enterprises_enterprisesearch ALTER COLUMN text SET STATISTICS -1",
    "ALTER INDEX enterprises_search_grams RESET (gin_pending_list_limit)",
]


def forward(apps, editor):
    _execute(editor, FORWARD)


def backward(apps, editor):
    _execute(editor, BACKWARD)


def _execute(editor, statements):
    if editor.connection.vendor == "postgresql":
        for statement in statements:
            editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0004_role_grants")]

    operations = [
        migrations.AddIndex(
            model_name="enterprise",
            index=models.Index(fields=["innovation_tier", "id"], name="enterprise_innovation"),
        ),
        migrations.RunPython(forward, backward),
    ]
