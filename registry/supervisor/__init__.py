"""One command that runs all processes of the registry: see run.py; `manage.py up` starts it."""
