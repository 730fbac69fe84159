"""What the ledger does not hold, each with why; read by test_record_inventory.py."""

TABLES_NOT_HELD = {
    "ApplicationChange": "history of edits before a submission; what was submitted is held",
    "AuditEvent": "the audit trail, guarded by triggers of its own and kept for a time only",
    "DayTotal": "made of the facts; recounted",
    "Delivery": "how a mail fared",
    "EnterpriseChange": "descriptive fields are kept as history",
    "EnterpriseName": "descriptive fields are kept as history",
    "EnterpriseSearch": "made of the file",
    "Heartbeat": "of the worker",
    "ImportFault": "of an import that is looked through; what went in is held as facts",
    "ImportFile": "of an import that is looked through; what went in is held as facts",
    "ImportRow": "of an import that is looked through; what went in is held as facts",
    "ImportSum": "of an import that is looked through; what went in is held as facts",
    "Job": "background work",
    "Message": "told of the ledger's entries",
    "MessageCheckpoint": "how far messages have followed the ledger",
    "NumberSeries": "the last number given; numbers are unique and held with their facts",
    "RecoveryCode": "a secret of its person",
    "ReportingUnit": "names only; which division reports through which unit is held with the division",
    "SavedFilter": "a person's own",
    "SecondFactor": "a secret of its person",
    "Span": "made of the facts; recounted",
    "Total": "made of the facts; recounted",
    "TotalsCheckpoint": "how far the totals have followed the ledger",
}
QUEUED = "how far the worker is with its file"
PAPER = "the paper is its bytes, whose digest is held"
LOGIN = "of signing in; changes are in the audit trail"
PERSONAL = "personal; never in the ledger"
DESCRIPTIVE = "a descriptive field, kept as history"
SAID_ONCE = "said at registration, decides nothing"
WHENCE = "where it came from is in the audit trail too"
NOT_HELD: dict[str, dict[str, str]] = {
    "Account": {
        **dict.fromkeys(("last_login", "login_epoch", "must_change_password", "password"), LOGIN),
        **dict.fromkeys(("display_name", "email", "username"), PERSONAL),
        **dict.fromkeys(("created_at", "is_demo"), "decides nothing; role, scope and open or shut are held"),
    },
    "Achievement": {
        "is_first": "worked out; a constraint allows one",
        "note": "a remark; what figures depend on is held",
    },
    "Application": {
        "batch": "held with the panel from the draw on",
        "version": "counts the edits",
    },
    "ApplicationStep": {"used_days": "worked out of its moments and the calendar"},
    "Decision": {"address": WHENCE, "channel": WHENCE},
    # retried_at and retried_by are in the audit trail only; the database lets neither be altered without the other.
    "Document": dict.fromkeys(("last_error", "next_at", "state", "tries"), QUEUED),
    "Enterprise": {
        **dict.fromkeys(("contact_name", "contact_phone"), PERSONAL),
        **dict.fromkeys(("established_on", "has_rd_institution", "industry", "innovation_tier", "name"), DESCRIPTIVE),
        **dict.fromkeys(("is_demo", "registered_at", "uscc_override_reason"), SAID_ONCE),
        "version": "counts the changes",
    },
    "Evidence": dict.fromkeys(("filename", "id", "media_type", "size", "uploaded_at", "uploaded_by"), PAPER),
    "FindingAnswer": {"id": "the key of its file, whose digest is held"},
    "RoleGrant": {"display_name": PERSONAL, "email": PERSONAL},
}
