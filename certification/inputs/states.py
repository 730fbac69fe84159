"""How one recorded fact stands on a day, by itself."""

STATES: dict[str, tuple[str, str]] = {
    "valid": ("有效", "Valid"),
    "future": ("尚未开始", "Not begun"),
    "expired": ("已过期", "Expired"),
    "ended": ("已终止", "Ended"),
    "annulled": ("录入错误，已注销", "Recorded in error, annulled"),
}
