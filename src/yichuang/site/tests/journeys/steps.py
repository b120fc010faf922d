"""What several journeys do in the same way."""

from __future__ import annotations

from playwright.sync_api import Page


def act(page: Page, number: str, verb: str, opinion: str = "") -> None:
    """A verb at the desk, by its small form."""
    page.goto(f"/desk/cases/{number}/do/{verb}/")
    if opinion:
        page.fill("#act textarea[name=opinion]", opinion)
    way = page.locator("#act [name=way][value=electronic]")
    if way.count():
        way.check()
    page.locator("#act form button[type=submit]").last.click()
    page.wait_for_url(f"**/desk/cases/{number}/")
