"""The import bench (/imports/): a table is handed in, looked at row by row, confirmed, and can be undone.

`intake` keeps the file, `parse` reads it in a process of its own (`child`), `checking` finds every error, `applying`
writes, `undoing` takes back, `closing` holds what went in against the file; `asking` is what people ask for, `work`
what the worker does of it.
"""
