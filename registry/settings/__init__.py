"""One settings module; the environment chooses its kind (env.py reads it, nothing else does)."""

from .env import EMBEDDED

if EMBEDDED:
    from .embedded import *
else:
    from .production import *
