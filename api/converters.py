"""The forms of identifiers in addresses; what does not have the form is no address."""

from django.urls import register_converter


class CreditCode:
    """A unified social credit code."""

    regex = "[0-9A-Z]{18}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class ApplicationNumber(CreditCode):
    """An application's number, e.g. SQ2026000123."""

    regex = "SQ[0-9]{10}"


class CertificateNumber(CreditCode):
    """The number of a certificate, of whatever body."""

    regex = "[0-9A-Za-z.()-]{4,60}"


class FindingNumber(CreditCode):
    """A finding's number, e.g. BF2026000123."""

    regex = "BF[0-9]{10}"


class PlainCode(CreditCode):
    """A code of the registry: a programme, a plan, an indicator."""

    regex = "[A-Za-z0-9_-]{1,60}"


class SheetForm(CreditCode):
    """The form of an exported list."""

    regex = "csv|xlsx"


class Count:
    """A number from 1 that every database can hold: of an entry, of entries."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def register() -> None:
    register_converter(CreditCode, "uscc")
    register_converter(ApplicationNumber, "application")
    register_converter(CertificateNumber, "certificate")
    register_converter(FindingNumber, "finding")
    register_converter(PlainCode, "code")
    register_converter(Count, "count")
    register_converter(SheetForm, "sheet")
