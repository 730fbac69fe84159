"""The kinds of fact that tables bring in (services/input_facts.py), by the kind of table."""

from ..models import ImportKind
from .credit import CREDIT
from .input_facts import InputKind
from .priorities import PRIORITY

INPUT_KINDS: dict[str, InputKind] = {ImportKind.CREDIT_CHECKS: CREDIT, ImportKind.PRIORITIES: PRIORITY}
