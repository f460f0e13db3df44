"""What can be seen, and what is legible in spite of its colour."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pikepdf import Pdf

from letters.validators import validate
from tests.broken_files.case import STRUCTURES
from tests.broken_files.docx import with_look
from tests.broken_files.html import replaced
from tests.broken_files.pdf_changes import edited, with_first_words

PAPER = b"0 0 9000 9000 re f"
WHITE = b" 1 1 1 rg "
DARK = b" 0.1 0.2 0.4 rg "
WHITE_ON_BLUE = '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:color="auto" w:fill="1F3660"/>'
WHITE_ON_WHITE = WHITE_ON_BLUE.replace("1F3660", "FFFFFF")


def findings(name: str, suffix: str, change: Callable[[bytes], bytes], folder: Path) -> list[str]:
    content = (folder / f"letters/{name}{suffix}").read_bytes()
    return [finding.what for finding in validate(f"letter{suffix}", change(content))]


PALE = "'Yours sincerely' cannot be seen: they have the colour of the paper."
UNSEEN = "Words cannot be seen: they have the colour of the paper."
CMYK = "Page 1 has CMYK colours, but those of the file are RGB."


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (DARK + PAPER + WHITE, []),
        (DARK + PAPER + WHITE + PAPER, [UNSEEN]),
        (DARK + b"0 0 9 9 re f" + WHITE, [UNSEEN]),
        (DARK + b"0 0 m 9000 0 l 9000 9000 l f" + WHITE, []),
        (WHITE + b"2 Tr", []),
        (b"q" + WHITE + b"Q", []),
        (b"0 0 0 0 k", [UNSEEN, CMYK]),
        (b"0 0 0 1 k", [CMYK]),
        (b"0.98 g", [UNSEEN]),
        (b"1 1 1 RG", []),
        (
            b"nonsense rg 1 Tr",
            ["Content uses operators not defined by PDF 1.4: page 1: nonsense."],
        ),
    ],
)
def test_white_words_are_seen_on_a_dark_ground(
    before: bytes, found: list[str], example_out: Path
) -> None:
    assert findings(STRUCTURES, ".pdf", edited(with_first_words(before)), example_out) == found


@pytest.mark.parametrize(
    ("before", "found"),
    [
        (b"", ["Page 1 has RGB colours, but those of the file are not declared."]),
        (
            b"0.2 g",
            [
                "Page 1 has grey colours, but those of the file are not declared.",
                "Page 1 has RGB colours, but those of the file are not declared.",
            ],
        ),
    ],
)
def test_a_file_that_declares_no_colours(
    before: bytes, found: list[str], example_out: Path
) -> None:
    def change(pdf: Pdf) -> None:
        with_first_words(before)(pdf)
        del pdf.Root.OutputIntents

    told = findings(STRUCTURES, ".pdf", edited(change), example_out)
    assert [each for each in told if "colours" in each] == found


@pytest.mark.parametrize(
    ("look", "found"),
    [
        (WHITE_ON_BLUE, []),
        (WHITE_ON_WHITE, [PALE]),
        ('<w:color w:val="FFFFFF"/><w:highlight w:val="darkBlue"/>', []),
        ('<w:color w:val="FAFAFA"/>', [PALE]),
        ('<w:color w:val="FF0000"/>', []),
        ('<w:vanish w:val="0"/>', []),
        ('<w:sz w:val="8"/>', []),
    ],
)
def test_looks_that_hide_nothing(look: str, found: list[str], example_out: Path) -> None:
    assert findings(STRUCTURES, ".docx", with_look(look), example_out) == found


@pytest.mark.parametrize("scale", ["maximum-scale=2", "user-scalable=yes", "maximum-scale=big"])
def test_a_page_that_can_be_enlarged_twofold(scale: str, example_out: Path) -> None:
    change = replaced("width=device-width", f"width=device-width, {scale}")
    assert findings(STRUCTURES, ".html", change, example_out) == []
