"""Selecting by rank (择优认定): weights, ranking, robustness, simulation, assignment, eligibility. Pure; no database.

Every figure is exact (Fraction) until it is published; then it is rounded half up. Nothing here knows a policy number.
"""
