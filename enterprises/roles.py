"""Roles (角色) and the kind of scope each one has. Pure.

One account holds one role: three officers (三员分立) are therefore three accounts by the shape of the
table, and the database's check constraints tie each role to its scope (models/account.py).
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """The ten roles of the registry."""

    APPLICANT = "applicant", _("企业申报人")
    TOWNSHIP_REVIEWER = "township_reviewer", _("乡镇（街道）审核员")
    DISTRICT_REVIEWER = "district_reviewer", _("辖市区审核员")
    CITY_REVIEWER = "city_reviewer", _("市局审核员")
    EXPERT = "expert", _("评审专家")
    MONITOR = "monitor", _("监测员")
    PLAN_MANAGER = "plan_manager", _("规划管理员")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDITOR = "auditor", _("审计员")


class ScopeKind(models.TextChoices):
    """What an account's scope is."""

    NONE = "none", _("无")
    ENTERPRISE = "enterprise", _("本企业")
    TOWNSHIP = "township", _("乡镇（街道）")
    UNIT = "unit", _("统计单元")
    CITY = "city", _("全市")


SCOPE_OF_ROLE: dict[str, tuple[ScopeKind, ...]] = {
    Role.APPLICANT: (ScopeKind.ENTERPRISE, ScopeKind.NONE),
    Role.TOWNSHIP_REVIEWER: (ScopeKind.TOWNSHIP,),
    Role.DISTRICT_REVIEWER: (ScopeKind.UNIT,),
    Role.CITY_REVIEWER: (ScopeKind.CITY,),
    Role.EXPERT: (ScopeKind.NONE,),
    Role.MONITOR: (ScopeKind.CITY, ScopeKind.UNIT),
    Role.PLAN_MANAGER: (ScopeKind.CITY,),
    Role.SYSTEM_ADMIN: (ScopeKind.NONE,),
    Role.SECURITY_ADMIN: (ScopeKind.NONE,),
    Role.AUDITOR: (ScopeKind.NONE,),
}

OFFICERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)
REVIEWERS = (Role.TOWNSHIP_REVIEWER, Role.DISTRICT_REVIEWER, Role.CITY_REVIEWER)
