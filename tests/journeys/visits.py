"""A person in a browser: signs in or stays a stranger, walks, and finds no page that breaks its promises."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

from enterprises.models import Account
from tests.factories import PASSWORD

PHONE = 360
PATIENCE = 100  # tenths of a second
SOUGHT = {"resultTypes": ["violations"]}
# The administration's style sheets import another, which axe would copy into a style element: the policy refuses that,
# and the page would be blamed for it. Only the rule about turning the screen needs the copy.
WITHOUT_COPIES = SOUGHT | {"preload": False}


class Visit:
    """One person's browser. Whatever it complains of (scripts, styles refused, errors) is kept in `complaints`."""

    def __init__(self, browser: Any, base: str, account: Account | None, *, width: int = 1280) -> None:
        self.width, self.complaints = width, list[str]()
        self.context = browser.new_context(base_url=base, viewport={"width": width, "height": 900}, locale="zh-CN")
        self.page = self.context.new_page()
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if account is not None:
            self._sign_in(account)

    def _sign_in(self, account: Account) -> None:
        self.page.goto("/accounts/login/")
        self.page.fill("input[name=username]", account.username)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.click("main button.btn-primary")
        self.page.wait_for_url(lambda url: "/accounts/login/" not in url)

    def _heard(self, message: Any) -> None:
        # A refused form answers 400 or 409, which the browser's console repeats; that is no complaint.
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> Any:
        return self.page.goto(path)

    def follow(self, selector: str) -> None:
        """Click what leads to another page, and wait until that page stands: a step taken before would be lost."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def reads(self, *words: str) -> None:
        """The words stand on the page, as soon as the answer that was asked for has arrived."""
        self.page.wait_for_load_state()
        missing = self._missing(words)
        for _ in range(PATIENCE):
            if not missing:
                return
            self.page.wait_for_timeout(100)
            missing = self._missing(words)
        raise AssertionError(f"{self.page.url}: {missing}")

    def _missing(self, words: tuple[str, ...]) -> list[str]:
        said = self.page.inner_text("main")
        return [word for word in words if word not in said]

    def is_sound(self) -> None:
        """The page in hand: nothing refused by the security policy, no barrier, nothing wider than the screen."""
        found = Axe().run(self.page, options=WITHOUT_COPIES if "/admin/" in self.page.url else SOUGHT)
        barriers = [
            (item["id"], [node["html"][:160] for node in item["nodes"]]) for item in found.response["violations"]
        ]
        assert barriers == [], f"{self.page.url}: {barriers}"
        assert self.complaints == [], self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, self.page.url

    def is_sound_everywhere(self) -> None:
        """As is_sound, on this screen and on a phone."""
        self.is_sound()
        before, self.width = self.width, PHONE
        self.page.set_viewport_size({"width": PHONE, "height": 900})
        self.is_sound()
        self.width = before
        self.page.set_viewport_size({"width": before, "height": 900})

    def leave(self) -> None:
        self.context.close()
