"""The bigram index of search.py: a text[] column with GIN on PostgreSQL, an FTS5 table on SQLite."""

from django.db import migrations

FORWARD = {
    "postgresql": [
        "ALTER TABLE enterprises_enterprisesearch ADD COLUMN grams text[] NOT NULL DEFAULT '{}'",
        "CREATE INDEX enterprises_search_grams ON enterprises_enterprisesearch USING gin (grams)",
    ],
    "sqlite": [
        "CREATE VIRTUAL TABLE enterprises_search_fts USING fts5(grams, detail=none, columnsize=0)",
    ],
}
BACKWARD = {
    "postgresql": ["ALTER TABLE enterprises_enterprisesearch DROP COLUMN grams"],
    "sqlite": ["DROP TABLE enterprises_search_fts"],
}


def forward(apps, editor):
    for statement in FORWARD[editor.connection.vendor]:
        editor.execute(statement)


def backward(apps, editor):
    for statement in BACKWARD[editor.connection.vendor]:
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("enterprises", "0001_initial")]

    operations = [migrations.RunPython(forward, backward)]
