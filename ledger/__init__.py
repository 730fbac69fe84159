"""The append-only record (台账): every change of an official fact is one entry here."""
