"""The rows, each measured in a process of its own size. Importing this package sets Django up."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry.settings")
django.setup()
