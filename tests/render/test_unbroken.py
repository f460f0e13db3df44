"""A date, a number with its unit and a reference are on one line, in every format."""

import re
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from letters.document import Break, Emphasis, Inline, Strong, Text
from letters.render.unbroken import unbroken
from tests.builders import unzipped

ROOT = Path(__file__).parents[2]
DATE = re.compile(
    r"\b\d{1,2}\s(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\s\d{4}|\b\d[\d,.]*\s(?:forces|weeks|devices|days)\b|\bpage\s\d"
)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("changed on 2 April 2019 and later", "changed on 2~April~2019 and later"),
        ("the 1st May 2019 letter", "the 1st~May~2019 letter"),
        ("ar 12 Ionawr 2026 yn", "ar 12~Ionawr~2026 yn"),
        ("in October 2018 we", "in October~2018 we"),
        ("between 5 and 16 October 2020.", "between 5~and 16~October~2020."),
        ("in 2018 we visited 43 forces", "in 2018 we visited 43~forces"),
        ("18,406 devices, £4.5 million, 45 per cent", "18,406~devices, £4.5~million, 45~per~cent"),
        ("see page 4, Annex B and paragraph 12", "see page~4, Annex~B and paragraph~12"),
        ("Section 8 of the Act", "Section~8 of the Act"),
        ("Call 01632 960148 now", "Call 01632~960148 now"),
        ("our reference DE/01 was seen", "our reference DE/01 was seen"),
        ("No number is here", "No number is here"),
    ],
)
def test_what_belongs_together(text: str, kept: str) -> None:
    assert unbroken((Text(text),)) == (Text(kept.replace("~", "\u00a0")),)


def test_it_holds_across_values_and_marks_and_not_across_a_new_line() -> None:
    content: tuple[Inline, ...] = (
        Text("on average "), Text("11.5", "weeks"), Text(" weeks, "),
        Strong((Text("2 April "), Emphasis((Text("2019"),)))), Text(" room 4"), Break(), Text("b"),
    )  # fmt: skip
    assert unbroken(content) == (
        Text("on average "), Text("11.5", "weeks"), Text("\u00a0weeks, "),
        Strong((Text("2\u00a0April\u00a0"), Emphasis((Text("2019"),)))), Text(" room 4"), Break(),
        Text("b"),
    )  # fmt: skip


def parted(pdf: Path) -> list[str]:
    """Dates and numbers of a PDF that a line's end parts."""
    with PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return [found for text in texts for found in DATE.findall(text) if "\n" in found]


def test_no_shipped_letter_parts_a_date_or_a_number_from_its_unit(example_out: Path) -> None:
    pdfs = sorted((example_out / "letters").glob("*.pdf"))
    assert len(pdfs) == 43
    assert {pdf.name: found for pdf in pdfs if (found := parted(pdf))} == {}


def test_word_and_the_web_page_keep_them_together_too(example_out: Path) -> None:
    date = "4\u00a0March\u00a02019"
    page = (example_out / "letters/dunnaquay.html").read_text(encoding="utf-8")
    word = unzipped((example_out / "letters/dunnaquay.docx").read_bytes())["word/document.xml"]
    assert date in page
    assert date in word.decode()
    approved = ROOT / "letters/example/project/rounds/2019-digital-evidence/approved/dunnaquay.txt"
    assert "\u00a0" not in approved.read_text(encoding="utf-8")
