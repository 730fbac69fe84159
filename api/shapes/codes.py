"""The closed sets of codes that shapes use; the API's description names them (SPECTACULAR_SETTINGS)."""

from certification.gates import GATES
from certification.models.background import JobState
from certification.models.plan import Comparator, ComputedFrom, IndicatorKind
from certification.models.rulebook import EvidenceGroup, FieldKind
from certification.stages import ACTIONS, Level, Programme, Status
from enterprises.models import InnovationTier
from enterprises.models.place import DivisionLevel
from enterprises.roles import Role
from ledger.verbs import Verb

from ..labels import FIGURE_STATUS_NAMES

ACTION_CODES = list(ACTIONS)
COMPARATORS = list(Comparator.values)
DIVISION_LEVELS = list(DivisionLevel.values)
EVIDENCE_GROUPS = list(EvidenceGroup.values)
FIELD_KINDS = list(FieldKind.values)
FIGURE_SOURCES = list(ComputedFrom.values)
FIGURE_STATUSES = list(FIGURE_STATUS_NAMES)
GATE_CODES = list(GATES)
INDICATOR_KINDS = list(IndicatorKind.values)
JOB_STATES = list(JobState.values)
LEVELS = [level.value for level in Level]
PROGRAMMES = [programme.value for programme in Programme]
ROLES = list(Role.values)
STATUSES = [status.value for status in Status]
TIERS = list(InnovationTier.values)
TIMELINE_KINDS = ["achievement", "ending", "change", "move", "registration"]
VERBS = list(Verb.values)
