"""Shapes of third-party certificates, and of organisations that certify or advise."""

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from .base import Form, Shape, Text, display
from .codes import (
    ATTENTIONS,
    CERTIFICATE_EVENTS,
    CERTIFICATE_ROUTES,
    LOOKUP_RESULTS,
    PAPER_EVENTS,
    PAPER_KINDS,
    PAPER_STANDINGS,
    PAPER_STATES,
    STANDINGS,
)


class OrganisationShape(Shape):
    """A certification body, an adviser, or both."""

    code = serializers.CharField()
    name = serializers.CharField()
    is_body = serializers.BooleanField()
    is_adviser = serializers.BooleanField()
    number_pattern = serializers.CharField(allow_blank=True, help_text="# is a digit, @ a letter")
    approved_from = serializers.DateField(allow_null=True)
    approved_to = serializers.DateField(allow_null=True)


class AdviserShape(Shape):
    """An organisation that advised the enterprise from a day to a day."""

    id = serializers.IntegerField()
    organisation = serializers.CharField()
    organisation_display = display()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    ledger_number = serializers.IntegerField()


class AdviserForm(Form):
    """An adviser of the enterprise."""

    organisation = Text(max_length=30, help_text="Code of an adviser")
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(required=False, allow_null=True)


class AdviserEndForm(Form):
    """The end of advising."""

    last_day = serializers.DateField()
    reason = Text(max_length=500)


class CertificateRowShape(Shape):
    """A certificate of a certification body and how it stands today; the status follows from its events."""

    issuer = serializers.CharField(help_text="`body`")
    issuer_display = display()
    number = serializers.CharField()
    enterprise = serializers.CharField(help_text="Credit code")
    enterprise_display = display()
    body = serializers.CharField()
    body_display = display()
    holder = serializers.CharField()
    edition = serializers.CharField(help_text="Today's; another one at the issue is among the events")
    route = serializers.ChoiceField(CERTIFICATE_ROUTES)
    route_display = display()
    issued_on = serializers.DateField()
    expires_on = serializers.DateField(help_text="The last day")
    standing = serializers.ChoiceField(STANDINGS)
    standing_display = display()
    standing_since = serializers.DateField()
    surveillance_due_on = serializers.DateField(allow_null=True)
    convert_by = serializers.DateField(
        allow_null=True,
        help_text="Of a living one whose edition is to be converted: the last day for it, passed or not",
    )
    attention = serializers.ListField(child=serializers.ChoiceField(ATTENTIONS))
    ledger_number = serializers.IntegerField()


class CertificateEventShape(Shape):
    """Something that happened to a certificate."""

    kind = serializers.ChoiceField(CERTIFICATE_EVENTS)
    kind_display = display()
    on = serializers.DateField()
    edition = serializers.CharField(allow_blank=True, help_text="Of a conversion: the edition converted to")
    reason = serializers.CharField()
    ledger_number = serializers.IntegerField()
    corrects = serializers.IntegerField(
        required=False, allow_null=True, help_text="Of a correction: `ledger_number` of the event recorded in error"
    )
    is_corrected = serializers.BooleanField(
        required=False, help_text="Recorded in error: stays on record and bears on nothing"
    )


class LookupShape(Shape):
    """A look-up in the national register."""

    result = serializers.ChoiceField(LOOKUP_RESULTS)
    result_display = display()
    note = serializers.CharField(allow_blank=True)
    by = serializers.CharField(help_text="User name")
    at = serializers.DateTimeField()
    screenshot = serializers.URLField()
    filename = serializers.CharField()


class CertificateShape(CertificateRowShape):
    """A certificate with everything on record."""

    holder_reason = serializers.CharField(help_text="Why the holder is not the enterprise's name; mostly empty")
    holder_address = serializers.CharField()
    scope_management = serializers.CharField()
    scope_links = serializers.CharField()
    system_since = serializers.DateField()
    applied_on = serializers.DateField()
    replaces = serializers.CharField(allow_null=True, help_text="Number of the certificate that it follows")
    replaced_by = serializers.CharField(allow_null=True)
    has_scan = serializers.BooleanField()
    events = CertificateEventShape(many=True)
    lookups = LookupShape(many=True)
    allowed_events = serializers.ListField(child=serializers.ChoiceField(CERTIFICATE_EVENTS))


class CertificateForm(Form):
    """A certificate as it stands on paper. What is missing or cannot be is refused all at once."""

    number = Text(max_length=100, allow_blank=True)
    body = Text(max_length=100, allow_blank=True, help_text="Code or name of a certification body")
    holder = Text(
        max_length=200, allow_blank=True, help_text="A name that the enterprise had on the day of issue, as it stands"
    )
    holder_reason = Text(
        max_length=300,
        allow_blank=True,
        required=False,
        help_text="Needed if the holder is another one: a branch, a certificate of a group",
    )
    holder_address = Text(max_length=300, allow_blank=True)
    scope_management = Text(max_length=300, allow_blank=True)
    scope_links = Text(max_length=300, allow_blank=True)
    edition = Text(max_length=40, allow_blank=True)
    route = Text(max_length=20, allow_blank=True)
    system_since = serializers.DateField()
    applied_on = serializers.DateField()
    issued_on = serializers.DateField()
    expires_on = serializers.DateField()


class NewCertificateForm(CertificateForm):
    """A certificate of an enterprise."""

    enterprise = Text(max_length=60, help_text="Credit code")


class CertificateEventForm(Form):
    """What happened, with ground and reason. Beside `kind` and `reason` each kind needs:

    - `surveillance`, `suspend`, `restore`, `withdraw`, `surrender`: `on`, the day of the body's decision; not before
      the issue or the last event, not after today or the last day of the certificate;
    - `convert`: `on`, and `edition`, a later one that was open to applications on that day; the expiry stays;
    - `renew`: `certificate`, the one that follows; its day of issue is the day. It begins years of its own;
    - `correct`: `on`, the day on which the error was found, and `corrects`, the ledger number of the event that
      was recorded in error; it falls away with what rested on it and may be recorded anew;
    - `annul`: `on`, the day on which the error was found. The certificate never was; the one that it followed
      stands again, and its number is free.

    `allowed_events` of the certificate says which of them may be recorded now.

    To a paper of the bureau: `suspend`, `restore`, `revoke` or `supersede`, with ground and reason; no other key.
    """

    kind = serializers.ChoiceField(CERTIFICATE_EVENTS)
    on = serializers.DateField(required=False, help_text="Needed for every kind but `renew`")
    reason = Text(max_length=500, help_text="Ground and reason")
    edition = Text(max_length=40, required=False, help_text="Needed for `convert`: code of the edition")
    corrects = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, required=False, help_text="Needed for `correct`: ledger number of the event"
    )
    certificate = CertificateForm(required=False, help_text="Needed for `renew`: the certificate that follows")


NEEDED = {"renew": ("certificate",), "convert": ("on", "edition"), "correct": ("on", "corrects")}


class BodyEventForm(CertificateEventForm):
    """What happened to a certificate of a certification body."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        lacking = [name for name in NEEDED.get(attrs["kind"], ("on",)) if name not in attrs]
        if lacking:
            raise serializers.ValidationError(
                {name: [self.fields[name].error_messages["required"]] for name in lacking}
            )
        return attrs


class FileForm(Form):
    """A file."""

    file = serializers.FileField(allow_empty_file=True)

    def composed(self, data: Any) -> Any:
        """Form data as they are: a file is no text."""
        return data


class LookupForm(FileForm):
    """A look-up with its screenshot, without which it is refused."""

    file = serializers.FileField(allow_empty_file=True, required=False)

    result = serializers.ChoiceField(LOOKUP_RESULTS)
    note = Text(max_length=400, required=False, allow_blank=True)


class ScanShape(Shape):
    """A scan on file."""

    sha256 = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes")
    media_type = serializers.CharField()
    filename = serializers.CharField()


class DocumentRowShape(Shape):
    """A paper of the bureau's own, certificate or letter, and how it stands today."""

    issuer = serializers.CharField(help_text="`bureau`")
    issuer_display = display()
    number = serializers.CharField()
    kind = serializers.ChoiceField(PAPER_KINDS)
    kind_display = display()
    title = serializers.CharField(help_text="As it is printed")
    enterprise = serializers.CharField(help_text="Credit code")
    enterprise_display = display("Name of the enterprise today")
    holder = serializers.CharField(help_text="Name of the enterprise on the day of issue")
    application = serializers.CharField()
    issued_on = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True, help_text="The last day; null: no end is set")
    standing = serializers.ChoiceField(PAPER_STANDINGS)
    standing_display = display()
    standing_since = serializers.DateField(allow_null=True, help_text="null: from the beginning")
    state = serializers.ChoiceField(PAPER_STATES, help_text="How far its file is")
    state_display = display()
    ledger_number = serializers.IntegerField()


class DocumentShape(DocumentRowShape):
    """A paper of the bureau's own with everything that stands on it."""

    issuing_body = serializers.CharField()
    clause = serializers.CharField()
    paragraphs = serializers.ListField(child=serializers.CharField())
    code = serializers.CharField(help_text="With which anybody verifies it")
    verify = serializers.URLField(help_text="Address of its QR code")
    replaces = serializers.CharField(allow_null=True, help_text="Number of the paper whose place it took")
    replaced_by = serializers.CharField(allow_null=True)
    tries = serializers.IntegerField(help_text="How often its file was tried to be made")
    sha256 = serializers.CharField(allow_null=True)
    size = serializers.IntegerField(allow_null=True, help_text="Bytes")
    events = CertificateEventShape(many=True)
    allowed_events = serializers.ListField(child=serializers.ChoiceField(CERTIFICATE_EVENTS))


class DocumentEventForm(Form):
    """What the city does with a paper of the bureau's own, today."""

    kind = serializers.ChoiceField(PAPER_EVENTS)
    reason = Text(max_length=500, allow_blank=True)


def either(name: str, body: type[Shape], bureau: type[Shape], *, many: bool = False) -> Any:
    """One of two shapes, told apart by `issuer`; only described, since answers are made in `answers`."""
    shapes = {"body": body, "bureau": bureau}
    return PolymorphicProxySerializer(
        component_name=name, serializers=shapes, resource_type_field_name="issuer", many=many
    )


AnyCertificate = either("AnyCertificate", CertificateShape, DocumentShape)


class AnyCertificatePageShape(Shape):
    """A page of certificates of bodies, or of papers of the bureau."""

    next = serializers.URLField(allow_null=True, help_text="Address of the next page")
    previous = serializers.URLField(allow_null=True, help_text="Address of the page before")
    results = either("AnyCertificateRow", CertificateRowShape, DocumentRowShape, many=True)
    count = serializers.IntegerField(required=False, help_text="Rows of the whole list, with `count=exact`")
