"""City totals: a projection of the ledger, folded by Celery, recounted nightly, asked for any day."""
