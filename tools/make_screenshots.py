"""Makes the pictures of docs/preview.md: `python -m tools.make_screenshots`.

Needs Chromium and Playwright. The letters shown are those of the invented example round.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from letters import BuildOptions, Project, build_round
from letters.new import new_project
from tests.external.web import chromium
from tests.preview.serving import Served, served

DOCS = Path(__file__).resolve().parents[1] / "docs"
WORDING = "templates/digital-evidence"
Look = Literal["light", "dark"]


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Save a file with a phrase changed."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    if old not in text:
        raise SystemExit(f"{file} no longer says '{old}'.")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def pdf(preview: Served, page: Page, folder: Path) -> None:
    """A letter as PDF, after a change of the wording that reaches some letters."""
    preview.open(page, "bellharrow-and-tynt/pdf")
    edit(
        folder,
        f"{WORDING}/outcomes/plan-agreed.md",
        "Your plan covers",
        "The plan you sent us covers",
    )
    page.locator("#reach a").first.wait_for()


def web(preview: Served, page: Page, folder: Path) -> None:
    """The web letter: changed words highlighted, one paragraph explained."""
    preview.open(page, "bellharrow-and-tynt/html")
    edit(folder, f"{WORDING}/letter.md", "waited too long", "waited far too long")
    frame = page.frame_locator("iframe:not(.coming)")
    frame.get_by_text("waited far too long").wait_for()
    page.locator("iframe[data-epoch]:not(.coming)").wait_for()
    frame.get_by_text("We visited your force on").click()
    page.locator("#reach a, #reach p").first.wait_for()


def problem(preview: Served, page: Page, folder: Path) -> None:
    """A misspelt placeholder, beside the last good letter."""
    preview.open(page, "bellharrow-and-tynt/pdf")
    edit(folder, f"{WORDING}/letter.md", "{{ visit_date }}", "{{ vist_date }}")
    page.get_by_role("region", name="There is a problem").wait_for()


def narrow(preview: Served, page: Page, folder: Path) -> None:
    """A letter in a narrow window."""
    del folder
    preview.open(page, "norrin-isles/pdf")


PICTURES: dict[str, tuple[Callable[[Served, Page, Path], None], int, Look]] = {
    "preview-pdf.png": (pdf, 1280, "light"),
    "preview-web.png": (web, 1280, "dark"),
    "preview-problem.png": (problem, 1280, "light"),
    "preview-narrow.png": (narrow, 768, "light"),
}


def picture(browser: Browser, example: Path, name: str) -> None:
    """Make one picture, on a copy of the example of its own."""
    show, width, scheme = PICTURES[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "example"
        shutil.copytree(example, folder)
        page = browser.new_page(
            viewport={"width": width, "height": 800 if width > 1000 else 1024},
            color_scheme=scheme,
        )
        with served(folder) as preview:
            show(preview, page, folder)
            page.screenshot(path=DOCS / name)
            page.close()


def main() -> None:
    """Make every picture."""
    with tempfile.TemporaryDirectory() as place, chromium() as browser:
        example = Path(place) / "example"
        new_project(example, example=True)
        project = Project.load(example)
        build_round(project, project.round(None), BuildOptions(formats=["html"]))
        for name in PICTURES:
            picture(browser, example, name)
            print(f"docs/{name}")


if __name__ == "__main__":
    main()
