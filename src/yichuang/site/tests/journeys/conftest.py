"""A browser on a running site: no request leaves this machine, the console stays silent, axe finds nothing serious."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # playwright's loop runs in this thread; the ORM is used between its calls
)
CHROMIUM = "/usr/bin/chromium"
SWITCHES = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run"
AXE = Path(__file__).parents[5] / "node_modules/axe-core/axe.min.js"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES.split())
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """open_page(phone=True): a page of a new visitor. What it asks of others and says in the console is counted."""
    strangers: list[str] = []
    errors: list[str] = []
    contexts = []

    def only_here(route: Route) -> None:
        if route.request.url.startswith((live_server.url, "data:", "blob:")):
            route.continue_()
        else:
            strangers.append(route.request.url)
            route.abort()

    def make(*, phone: bool = False) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else DESK, base_url=live_server.url, locale="zh-CN", bypass_csp=False
        )
        context.route("**/*", only_here)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert strangers == [], "a page asked others for something"
    assert errors == [], "a script failed"


def shot(page: Page, name: str) -> None:
    folder = os.environ.get("YICHUANG_SHOTS")
    if folder:
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def accessible(page: Page, name: str) -> None:
    """WCAG 2.1 AA by axe: nothing serious or critical."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    told = page.evaluate("() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
    bad = [v for v in told["violations"] if v["impact"] in ("serious", "critical")]
    shot(page, name)
    assert not bad, [(name, v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in bad]
