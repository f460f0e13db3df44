"""Makes the pictures of docs/publishing.md: `python -m tools.picture_site`.

Publishes the invented example round and its follow-up into a folder that is thrown away, and takes
pictures of their pages. Needs Chromium and Playwright.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Page, PdfMargins
from pypdfium2 import PdfDocument

from tests.external.web import chromium
from tests.rounds.follow_up import FIRST_ID, publish_example

DOCS = Path(__file__).resolve().parents[1] / "docs"


@dataclass(frozen=True)
class Picture:
    """One picture: its file, the page, the screen it is seen on, and what is done before."""

    name: str
    page: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"
    search: str = ""
    anchor: str = ""
    media: Literal["screen", "print"] = "screen"


PICTURES = (
    Picture("site-desk.png", f"{FIRST_ID}/index.html", 1280, 1500),
    Picture("site-search.png", f"{FIRST_ID}/index.html", 768, 760, search="moor", anchor="letters"),
    Picture("site-narrow.png", f"{FIRST_ID}/index.html", 320, 1150, anchor="outcomes"),
    Picture("site-letter.png", f"{FIRST_ID}/letters/bro-wydden.html", 768, 1150),
    Picture("site-dark.png", f"{FIRST_ID}/index.html", 768, 1000, "dark", anchor="outcomes"),
    Picture("site-print.png", f"{FIRST_ID}/index.html", 794, 1123, media="print"),
    Picture("site-rounds.png", "index.html", 768, 900),
    Picture("site-force.png", "forces/halvendale.html", 768, 520),
    Picture("site-accessibility.png", f"{FIRST_ID}/accessibility.html", 768, 1000),
)


def main() -> None:
    """Publish, look, and write every picture to docs/."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        project = Path(folder) / "example"
        publish_example(project)
        page = browser.new_page()
        for picture in PICTURES:
            show(page, project / "out/site", picture)
            save(printed(page) if picture.media == "print" else page.screenshot(), picture.name)
            print(picture.name)


def show(page: Page, site: Path, picture: Picture) -> None:
    """Bring the page to what the picture is to show."""
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    page.emulate_media(color_scheme=picture.scheme, media=picture.media)
    page.goto((site / picture.page).as_uri())
    if picture.search:
        page.locator("#find").fill(picture.search)
    if picture.anchor:
        page.locator(f"#{picture.anchor}").evaluate("element => element.scrollIntoView()")


def printed(page: Page) -> bytes:
    """The first sheet of the page on paper."""
    edge = "15mm"
    margins = PdfMargins(top=edge, right=edge, bottom=edge, left=edge)
    with PdfDocument(page.pdf(format="A4", margin=margins)) as pdf:
        out = io.BytesIO()
        pdf[0].render(scale=1.35).to_pil().save(out, "png")
    return out.getvalue()


def save(screenshot: bytes, name: str) -> None:
    """A picture in few colours, which pages of text have."""
    with Image.open(io.BytesIO(screenshot)) as image:
        image.convert("RGB").quantize(64).save(DOCS / name, optimize=True)


if __name__ == "__main__":
    main()
