"""`make screenshots`: the README's pictures, from a running registry with demo data.

python docs/screenshots.py http://127.0.0.1:8000 PASSWORD
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

TARGET = Path(__file__).parent / "screenshots"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
]
PICTURES = (
    ("portal", "", "/"),
    ("workspace", "qiye", "/workspace/"),
    ("review", "zhenjie", "/reviews/"),
    ("monitor", "jiance", "/monitor/"),
)
WIDTH, HEIGHT = 1280, 860


def take(browser: Browser, base: str, password: str, picture: tuple[str, str, str]) -> None:
    """One page as one account sees it; of the review, the first application of the list that waits longest."""
    name, account, address = picture
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN")
    page = context.new_page()
    if account:
        page.goto(f"{base}/accounts/login/")
        page.fill("input[name=username]", account)
        page.fill("input[name=password]", password)
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state("networkidle")
    page.goto(base + address, wait_until="networkidle")
    if name == "review":
        page.click("table tbody a[href^='/applications/']")
        page.wait_for_load_state("networkidle")
    page.screenshot(path=TARGET / f"{name}.png")
    context.close()
    print(f"{name}.png")


def main(base: str, password: str) -> None:
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for picture in PICTURES:
            take(browser, base, password, picture)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
