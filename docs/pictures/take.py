"""Take the README's pictures from the running demo: `make run` in one window, `make pictures` in another."""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
WIDE = """document.addEventListener("DOMContentLoaded", () => {
    document.querySelector("main").style.maxWidth = "none";
})"""
SIZE = {"width": 1366, "height": 768}


def log_in(page: Page, base: str, user: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{base}/login")
    page.fill("#username", user)
    page.fill("#password", "motcua")
    page.press("#password", "Enter")
    page.wait_for_url("**/inbox")


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    page.screenshot(path=HERE / f"{name}.png")


def main(base: str) -> None:
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE, locale="vi-VN")
        log_in(page, base, "chuyenvien.hacthanh")
        take(page, "inbox")
        page.click(".mc-rowname >> nth=0")
        take(page, "task")
        page.click("text=Xem cả hồ sơ")
        take(page, "dossier")
        log_in(page, base, "tiepnhan.hacthanh")
        page.goto(f"{base}/counter/1.001193")
        take(page, "intake")
        page.goto(f"{base}/procedures")
        take(page, "catalogue")
        # A procedure without a diagram of its own shows the frame it runs on.
        # Wide enough for the whole sheet.
        page.set_viewport_size({"width": 2700, "height": 1500})
        page.add_init_script(WIDE)
        page.goto(f"{base}/procedures/1.000028")
        page.wait_for_timeout(2000)
        page.locator("[data-diagram]").first.screenshot(path=HERE / "frame.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
