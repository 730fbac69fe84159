"""`make screenshots`: the README's pictures, from a running registry with demo data.

python docs/screenshots.py http://127.0.0.1:8000 PASSWORD
"""

import sys
from pathlib import Path

import pypdfium2
from playwright.sync_api import Browser, Page, sync_playwright

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
    ("sheet", "zhuanjia1", "/evaluations/"),
    ("certificate", "shiju", "/batches/DEMO-1/"),
)
# What is opened from the page before the picture is taken.
FIRST = {"review": "table tbody a[href^='/applications/']", "sheet": "table tbody a[href^='/evaluations/']"}
CERTIFICATE, SCALE = "main a[href*='/CZZS'][href$='/pdf/']", 1.2
WIDTH, HEIGHT = 1280, 860


def take(browser: Browser, base: str, password: str, picture: tuple[str, str, str]) -> None:
    """One page as one account sees it; of some, what stands first on it (of the review, what waits longest)."""
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
    if name in FIRST:
        page.click(FIRST[name])
        page.wait_for_load_state("networkidle")
    if name == "certificate":
        print_out(page, base)
    else:
        page.screenshot(path=TARGET / f"{name}.png")
    context.close()
    print(f"{name}.png")


def print_out(page: Page, base: str) -> None:
    """The first certificate on the page, as its PDF shows it."""
    address = page.get_attribute(CERTIFICATE, "href")
    content = page.request.get(f"{base}{address}").body()
    pypdfium2.PdfDocument(content)[0].render(scale=SCALE).to_pil().save(TARGET / "certificate.png")


def main(base: str, password: str) -> None:
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for picture in PICTURES:
            take(browser, base, password, picture)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
