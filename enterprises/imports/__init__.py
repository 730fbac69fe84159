"""Bringing tables of enterprises in: reading files, checking every row, writing whole or not at all.

`tables` reads a file, `columns` knows its header, `cells` its values, `outcome` what was found; `run`
drives any import (certification.imports uses it too), `register` is the import of enterprises itself.
"""
