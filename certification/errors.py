"""Why something is not done (pure). The common shapes come from enterprises.errors."""

from enterprises.errors import Duplicate, NotAllowed, NotPossible, Refusal, Refused, Stale, refuse

__all__ = ["Duplicate", "NotAllowed", "NotPossible", "Refusal", "Refused", "Stale", "StaleStage", "refuse"]


class StaleStage(NotPossible, Stale):
    """Someone else moved the application first: exactly one decision took effect."""
