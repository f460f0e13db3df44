"""How letters look: pages beside committed pictures, the address in a window envelope.

A deliberate change of looks: run `python -m tests.render.test_looks`, and look at the new pictures.
"""

import io
from pathlib import Path

import pypdfium2
import pytest
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTTextContainer
from PIL import Image, ImageChops, ImageStat

from letters import Project, RoundTemplates, merge_letter
from letters.new import new_project

LOOKS = Path(__file__).parent / "looks"
MM = 72 / 25.4

PAGES = [
    ("lower-and-upper-thrane", 1, False),
    ("lower-and-upper-thrane", 2, False),
    ("hallowmarch-and-the-skerries", 2, False),
    ("norrin-isles", 1, False),
    ("bro-wydden", 1, True),
]
"""Letter, page, whether as a draft: two addressees, lists and table, a quote, Welsh, the mark."""


def page_picture(pdf: bytes, page: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture: Image.Image = document[page - 1].render(scale=60 / 72).to_pil()
        return picture.convert("L")
    finally:
        document.close()


def drawn(project: Path, letter: str, *, drafts: bool) -> bytes:
    project_round = Project.load(project).round(None)
    round_templates = RoundTemplates.load(project_round)
    document = round_templates.typeset(merge_letter(project_round, letter), drafts=drafts)
    return round_templates.render(document, "pdf").content


def picture_name(letter: str, page: int, *, draft: bool) -> str:
    return f"{letter}-{page}{'-draft' if draft else ''}.png"


@pytest.mark.parametrize(("letter", "page", "draft"), PAGES)
def test_a_page_looks_as_it_did(letter: str, page: int, draft: bool, example_project: Path) -> None:
    picture = page_picture(drawn(example_project, letter, drafts=draft), page)
    with Image.open(LOOKS / picture_name(letter, page, draft=draft)) as kept:
        assert picture.size == kept.size
        difference = ImageStat.Stat(ImageChops.difference(picture, kept.convert("L")))
    assert difference.mean[0] < 0.5  # of 255: a moved line is 2 or more


@pytest.mark.parametrize("letter", ["norrin-isles", "lower-and-upper-thrane", "bro-wydden"])
def test_a_window_envelope_shows_the_address(letter: str, example_out: Path) -> None:
    """A DL or C5 window begins 20 mm from the left and shows about 50 to 85 mm from the top."""
    pdf = (example_out / "letters" / f"{letter}.pdf").read_bytes()
    page = next(iter(extract_pages(io.BytesIO(pdf))))
    name = Project.load(example_out.parent.parent).recipients[letter].name
    address = next(
        box
        for box in page
        if isinstance(box, LTTextContainer)
        and name in box.get_text()
        and box.y0 < page.height - 40 * MM
    )
    left, top, bottom = (
        address.x0 / MM,
        (page.height - address.y1) / MM,
        (page.height - address.y0) / MM,
    )
    assert 20 <= round(left) <= 25
    assert 45 <= top <= 60
    assert bottom <= 85


def main() -> None:
    """Draw the committed pictures anew."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        project = Path(folder) / "example"
        new_project(project, example=True)
        for letter, page, draft in PAGES:
            picture = page_picture(drawn(project, letter, drafts=draft), page)
            picture.save(LOOKS / picture_name(letter, page, draft=draft), optimize=True)


if __name__ == "__main__":
    main()
