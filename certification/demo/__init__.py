"""Synthetic demo data (演示数据): invented enterprises with ten years of history, and accounts to look at them.

Everything is written through the same services as real work, in the order of time. Chance is seeded, so
two installations look alike.
"""

from .load import load_demo

__all__ = ["load_demo"]
