"""Validators of web pages: axe-core in Chromium, as screens and print show them, and Nu."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.external import NPM

AXE = NPM / "axe-core/axe.min.js"
NU = NPM / "vnu-jar/build/dist/vnu.jar"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => (await axe.run({runOnly: tags, resultTypes: ['violations', 'incomplete']}))
.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' | '))"""
_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@dataclass(frozen=True)
class Mode:
    """How a reader looks at a page."""

    width: int
    scheme: Literal["light", "dark"]
    media: Literal["screen", "print"] = "screen"


MODES = (
    Mode(320, "light"),
    Mode(320, "dark"),
    Mode(1280, "light"),
    Mode(1280, "dark"),
    Mode(794, "light", "print"),
)
"""The narrowest width that WCAG 2.2 1.4.10 asks for, a desk, both colour schemes, and A4."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, which asks the network for nothing."""
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=list(_CHROMIUM))
        yield browser
        browser.close()


def axe_findings(paths: Sequence[Path]) -> dict[str, list[str]]:
    """What axe-core finds in each page in any mode, what is wider than the screen, and requests."""
    with chromium() as browser:
        page = browser.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        return {path.name: _judged(page, path, asked) for path in paths}


def nu_findings(paths: Sequence[Path]) -> list[str]:
    """Errors that the Nu validator finds in any page."""
    command = [
        "java",
        "-jar",
        str(NU),
        "--errors-only",
        "--format",
        "json",
        "--stdout",
        *map(str, paths),
    ]
    run = subprocess.run(command, capture_output=True, check=False)
    messages = json.loads(run.stdout)["messages"]
    return [f"{Path(m['url']).name}:{m.get('lastLine')} {m['message']}" for m in messages]


def _judged(page: Page, path: Path, asked: list[str]) -> list[str]:
    asked.clear()
    page.goto(path.as_uri())
    found = [f"asks for {url[:80]}" for url in asked if _leaves(url, path)]
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for mode in MODES:
        page.set_viewport_size({"width": mode.width, "height": 900})
        page.emulate_media(color_scheme=mode.scheme, media=mode.media)
        found += [f"{mode}: {violation}" for violation in page.evaluate(RUN, RULES)]
        width = page.evaluate("document.documentElement.scrollWidth")
        if mode.media == "screen" and width > mode.width:
            found.append(f"{mode}: {width} pixels wide")
    return found


def _leaves(url: str, path: Path) -> bool:
    return url != path.as_uri() and not url.startswith("data:")
