"""Events of the audit trail as they are answered."""

from typing import Any

from enterprises.models import AuditEvent

from ..labels import moment


def event(row: AuditEvent) -> dict[str, Any]:
    return {
        "id": row.pk,
        "at": moment(row.at),
        "kind": row.kind,
        "kind_display": row.get_kind_display(),
        "account": row.account.username if row.account else None,
        "role": row.role or None,
        "role_display": row.get_role_display(),
        "address": row.address,
        "method": row.method,
        "path": row.path,
        "status": row.status,
        "request_id": row.request_id,
        "detail": row.detail,
    }
