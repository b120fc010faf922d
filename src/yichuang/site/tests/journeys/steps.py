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


def begin_draft(page: Page, item: str) -> None:
    """An editor's new draft of an item in force that has one version, open in the editor."""
    page.goto(f"/desk/catalogue/?state=published&q={item}")
    page.locator("#list a", has_text=item).first.click()
    page.get_by_role("link", name="第 1 版").click()
    page.get_by_role("button", name="起草新版").click()
    page.get_by_role("link", name="编辑", exact=True).click()
