"""Geometry of the charts: numbers in, positions out. Pure; templates draw them as SVG."""
