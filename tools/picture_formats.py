"""Makes docs/three-formats.png, one letter as PDF, Word file and web page side by side.

`python -m tools.picture_formats` needs LibreOffice, Chromium and Playwright. The letter is one of
the invented example round.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw, ImageFont

from letters import BuildOptions, Project, build_round
from letters.new import new_project
from tests.external.office import printed
from tests.external.web import chromium

PICTURE = Path(__file__).resolve().parents[1] / "docs/three-formats.png"
FORCE = "dunnaquay"
WIDTH, HEIGHT = 560, 792  # points of a sheet in the picture: A4 upright
GAP, HEAD = 24, 44  # between the sheets, and above them for their names
WINDOW = 820  # points of a browser's window in which the web letter has the width of a page
INK, PAPER, DESK = "#1f2933", "#ffffff", "#e4e7eb"


def first_page(pdf: Path) -> Image.Image:
    """Return the first page of a PDF."""
    page = pypdfium2.PdfDocument(pdf)[0]
    image: Image.Image = page.render(scale=2 * WIDTH / page.get_width()).to_pil()
    return image


def top_of(page: Path) -> Image.Image:
    """Return what a browser shows of a page, as much as a sheet holds."""
    with chromium() as browser:
        window = {"width": WINDOW, "height": WINDOW * HEIGHT // WIDTH}
        shown = browser.new_page(viewport=window, device_scale_factor=2)
        shown.goto(page.as_uri())
        return Image.open(io.BytesIO(shown.screenshot()))


def main() -> None:
    """Build the letter, draw it three times, and write the picture."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "example"
        new_project(root, example=True)
        project = Project.load(root)
        build_round(project, project.round(), BuildOptions(forces=(FORCE,)))
        letters = root / "out/2019-digital-evidence/letters"
        word = printed([letters / f"{FORCE}.docx"], Path(place) / "printed")
        sheets = {
            "PDF": first_page(letters / f"{FORCE}.pdf"),
            "Word": first_page(next(iter(word.values()))),
            "Web page": top_of(letters / f"{FORCE}.html"),
        }
    width = len(sheets) * (WIDTH + GAP) + GAP
    desk = Image.new("RGB", (width, HEAD + HEIGHT + GAP), DESK)
    pen = ImageDraw.Draw(desk)
    for n, (name, sheet) in enumerate(sheets.items()):
        left = GAP + n * (WIDTH + GAP)
        pen.text((left, HEAD // 3), name, fill=INK, font=ImageFont.load_default(20))
        pen.rectangle((left, HEAD, left + WIDTH, HEAD + HEIGHT), fill=PAPER)
        desk.paste(
            sheet.convert("RGB").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), (left, HEAD)
        )
    desk.quantize(64).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
