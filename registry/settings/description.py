"""How the API describes itself (drf-spectacular); the closed sets that its schemas name."""

SPECTACULAR_SETTINGS = {
    "TITLE": "常州市企业知识产权认证登记系统 API",
    "DESCRIPTION": (
        "Applications, enterprises, totals and the ledger of the registry. "
        "Wordings follow `Accept-Language`: Simplified Chinese by default, or English."
    ),
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "ApplicationStatusEnum": "api.shapes.codes.STATUSES",
        "FigureStatusEnum": "api.shapes.codes.FIGURE_STATUSES",
        "ActionEnum": "api.shapes.codes.ACTION_CODES",
        "BulkActionEnum": "api.shapes.codes.BULK_ACTION_CODES",
        "BatchActionEnum": "api.shapes.codes.BATCH_ACTIONS",
        "BatchStateEnum": "api.shapes.codes.BATCH_STATES",
        "DocumentKindEnum": "api.shapes.codes.PAPER_KINDS",
        "DocumentStateEnum": "api.shapes.codes.PAPER_STATES",
        "EvaluationStateEnum": "api.shapes.codes.EVALUATION_STATES",
        "EvaluationActionEnum": "api.shapes.codes.EVALUATION_ACTIONS",
        "IndicatorKindEnum": "api.shapes.codes.INDICATOR_KINDS",
        "FieldKindEnum": "api.shapes.codes.FIELD_KINDS",
        "CertificateStandingEnum": "api.shapes.codes.STANDINGS",
        "DocumentStandingEnum": "api.shapes.codes.PAPER_STANDINGS",
        "TitleLevelEnum": "api.shapes.codes.TITLE_LEVELS",
        "TitleStageEnum": "api.shapes.codes.TITLE_STAGES",
        "TitleStandingEnum": "api.shapes.codes.TITLE_STANDINGS",
        "DocumentEventEnum": "api.shapes.codes.PAPER_EVENTS",
        "CertificateEventEnum": "api.shapes.codes.CERTIFICATE_EVENTS",
        "TimelineKindEnum": "api.shapes.codes.TIMELINE_KINDS",
        "ProgrammeEnum": "api.shapes.codes.PROGRAMMES",
        "GateEnum": "api.shapes.codes.GATE_CODES",
        "LevelEnum": "api.shapes.codes.LEVELS",
        "ImportStateEnum": "api.shapes.codes.IMPORT_STATES",
        "ImportKindEnum": "api.shapes.codes.IMPORT_KINDS",
        "JobStateEnum": "api.shapes.codes.JOB_STATES",
    },
}
