"""Personal data as a page shows it: masked. Pure."""


def masked_phone(number: str) -> str:
    """138****1234; a number too short for that shows its last two digits at most."""
    digits = number.strip()
    if len(digits) < 8:
        return "*" * max(len(digits) - 2, 0) + digits[-2:]
    return f"{digits[:3]}****{digits[-4:]}"


def masked_name(name: str) -> str:
    """张三 -> 张*."""
    text = name.strip()
    return text[:1] + "*" * (len(text) - 1) if len(text) > 1 else text
