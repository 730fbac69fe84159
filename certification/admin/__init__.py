"""Configuration of rules, plans and the calendar (/admin/), by subject. What is frozen or on record never changes."""

from . import calendar, editions, jobs, plans, rulebooks

__all__ = ["calendar", "editions", "jobs", "plans", "rulebooks"]
