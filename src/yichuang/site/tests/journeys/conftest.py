"""Parts of every journey.

`site`: the platform as it runs (`yichuang serve`: pages and worker), in processes of its own, with the model district and
its people and no cases yet. On SQLite it has a file of its own, on PostgreSQL a database of its own on the server that
`YICHUANG_DATABASE_URL` names.
`credit`: what the credit platform (a process of its own, beside it) received of the 双公示 records.
`phone`, `desktop`: a browser's page of that size, signed out. `visitor(size, username)`: another person's page.
Whatever a page does, a test fails at its end when a request left for elsewhere, a script failed or the console told an
error (`expect(pattern)` for the one that belongs to the journey).
`look(page, name)`: what must hold of every page: axe finds nothing serious, nothing sticks out to the right; and a picture
into `YICHUANG_SHOTS`, where that is set.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[5]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SIZES = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desktop": {"viewport": {"width": 1440, "height": 900}},
}
PASSWORD = "Yichuang-2026"  # of every demo account
PREPARE = """
import django
django.setup()
from django.core.management import call_command
from django.utils import timezone
from yichuang.site.demo import district
from yichuang.site.demo.load import enter_people
call_command("migrate", verbosity=0)
at = timezone.localtime()
district.enter(at)
enter_people(at)
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@dataclass(frozen=True)
class Site:
    """The running platform. `command("log", "verify")` runs the command line against its database, `ask(code)` reads in
    it: what the lines of Python print."""

    url: str
    environment: dict[str, str]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "yichuang.site.cli", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def ask(self, code: str) -> str:
        answer = subprocess.run(
            [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert answer.returncode == 0, answer.stderr[-3000:]
        return answer.stdout.strip()


@dataclass(frozen=True)
class Credit:
    """The credit platform beside the running platform."""

    url: str
    out: Path

    def record_of(self, name: str, within: float = 60) -> dict[str, Any]:
        """The record that names `name` in its content, once it is there. Seconds it may take: the worker's rhythm."""
        until = time.monotonic() + within
        while True:
            found = [line["record"] for line in self.lines() if name in line["record"]["XK_NR"]]
            if found:
                return found[0]
            if time.monotonic() > until:
                pytest.fail(f"the credit platform received no record of {name} within {within} seconds")
            time.sleep(0.5)

    def lines(self) -> list[dict[str, Any]]:
        text = self.out.read_text(encoding="utf-8") if self.out.exists() else ""
        return [json.loads(line) for line in text.splitlines() if line.endswith("}")]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of an empty database for the journeys alone."""
    given = os.environ.get("YICHUANG_DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield f"sqlite:///{tmp_path_factory.mktemp('journeys')}/journeys.sqlite3"
        return
    name = f"yc_journeys_{os.getpid()}"
    server = urlsplit(given)._replace(path="/postgres").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield urlsplit(given)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def credit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Credit]:
    out = tmp_path_factory.mktemp("credit") / "received.jsonl"
    receiver = subprocess.Popen(
        [sys.executable, "-m", "yichuang.publicity.tests.receiver", "--out", str(out)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert receiver.stdout is not None
        url = receiver.stdout.readline().strip()
        assert url, "the credit platform did not start"
        yield Credit(url, out)
    finally:
        receiver.terminate()
        receiver.wait(10)
        if receiver.stdout:
            receiver.stdout.close()


@pytest.fixture(scope="session")
def site(database: str, credit: Credit) -> Iterator[Site]:
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="yichuang-journeys-"))
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("YICHUANG_", "PYTEST"))} | {
        "DJANGO_SETTINGS_MODULE": "yichuang.site.settings",
        "YICHUANG_DATABASE_URL": database,
        "YICHUANG_DATA_DIR": str(folder),
        "YICHUANG_BASE_URL": f"http://127.0.0.1:{port}",
        "YICHUANG_CREDIT_URL": credit.url,
        "YICHUANG_DEMO": "1",
    }
    made = subprocess.run(
        [sys.executable, "-c", PREPARE], env=environment, capture_output=True, text=True, timeout=170, check=False
    )
    if made.returncode:
        pytest.fail(f"the model district could not be entered:\n{made.stderr[-3000:]}")
    log = (folder / "serve.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "yichuang.site.cli", "serve", "--port", str(port)],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", server, folder / "serve.log")
        yield Site(f"http://127.0.0.1:{port}", environment)
    finally:
        server.terminate()
        try:
            server.wait(40)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            break
        with suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not os.path.exists(CHROMIUM):
        pytest.fail(f"journeys need Debian's chromium at {CHROMIUM}; scripts/test installs it")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs beside tests that use the database
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@dataclass
class Watch:
    """What went wrong on the pages of one test."""

    host: str
    wrong: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=list)

    def guard(self, context: BrowserContext) -> None:
        context.route("**/*", self.request)
        context.on("console", self.console)
        context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))

    def request(self, route: Route) -> None:
        if urlsplit(route.request.url).netloc == self.host:
            route.continue_()
        else:
            self.wrong.append(f"left for elsewhere: {route.request.url}")
            route.abort()

    def console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.wrong.append(f"console: {message.text} ({message.location.get('url', '')})")

    def left(self) -> list[str]:
        return [line for line in self.wrong if not any(p.search(line) for p in self.expected)]


@pytest.fixture
def watch(site: Site) -> Iterator[Watch]:
    watching = Watch(urlsplit(site.url).netloc)
    yield watching
    assert watching.left() == []


@pytest.fixture
def expect(watch: Watch) -> Callable[[str], None]:
    """An error of the console that belongs to the journey: `expect(r"409")` before a page that refuses."""
    return lambda pattern: watch.expected.append(re.compile(pattern))


Visitor = Callable[..., Page]


@pytest.fixture
def visitor(browser: Browser, site: Site, watch: Watch) -> Iterator[Visitor]:
    """`visitor("phone", "zhangsan")`: a page of that size in a browser of its own, signed in when a name is given."""
    opened: list[BrowserContext] = []

    def open_page(size: str = "desktop", username: str = "") -> Page:
        context = browser.new_context(base_url=site.url, locale="zh-CN", timezone_id="Asia/Shanghai", **SIZES[size])
        context.set_default_timeout(15_000)
        watch.guard(context)
        opened.append(context)
        page = context.new_page()
        if username:
            sign_in(page, username)
        return page

    yield open_page
    for context in opened:
        context.close()


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Through the sign-in page, as everybody does."""
    page.goto("/accounts/login/")
    page.fill("input[name=login]", username)
    page.fill("input[name=password]", password)
    page.locator("form:has(input[name=password]) [type=submit]").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


@pytest.fixture
def phone(visitor: Visitor) -> Page:
    return visitor("phone")


@pytest.fixture
def desktop(visitor: Visitor) -> Page:
    return visitor("desktop")


@pytest.fixture(params=sorted(SIZES))
def page(visitor: Visitor, request: pytest.FixtureRequest) -> Page:
    """The same journey on a phone and at a desk."""
    opened: Page = visitor(request.param)
    return opened


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], None]:
    """Nothing serious or critical of WCAG 2.1 A and AA on the page as it is now."""
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page) -> None:
        page.evaluate(source)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        serious = [
            f"{v['impact']} {v['id']}: {v['help']} at {[n['target'][-1] for n in v['nodes'][:5]]}"
            for v in found["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        assert serious == [], f"{page.url}: {serious}"

    return check


@pytest.fixture
def shot() -> Callable[[Page, str], None]:
    """A picture of the whole page into `YICHUANG_SHOTS`, where that is set."""

    def take(page: Page, name: str) -> None:
        folder = os.environ.get("YICHUANG_SHOTS")
        if folder:
            width = page.viewport_size["width"] if page.viewport_size else 0
            page.screenshot(path=str(Path(folder) / f"{name}-{width}.png"), full_page=True)

    return take


@pytest.fixture
def look(axe: Callable[[Page], None], shot: Callable[[Page, str], None]) -> Callable[[Page, str], None]:
    """axe, no sideways scrolling, one heading of the first level, and a picture."""

    def check(page: Page, name: str) -> None:
        shot(page, name)
        axe(page)
        sticks_out = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sticks_out <= 0, f"{page.url} is {sticks_out} px wider than the screen"
        assert page.locator("h1").count() == 1, f"{page.url} has {page.locator('h1').count()} first headings"

    return check
