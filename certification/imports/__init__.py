"""Bringing tables of achievements in: `achievements` knows the table, `on_file` what the registry holds,
`writing` writes facts and ledger entries in bulk. Driven by enterprises.imports.run.
"""
