"""Lines of a PDF hold every word they have room for, as the text library measures words."""

import random
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
import weasyprint
from weasyprint.layout import inline, preferred
from weasyprint.text import line_break
from weasyprint.text.fonts import FontConfiguration

from letters import Project, build_round
from letters.render.assets import only_bundled_fonts
from letters.render.pdf.lines import filled_lines
from letters.render.pdf.reuse import PLAIN
from letters.render.pdf.reuse.remembered import Reuse
from letters.render.readback.pdf import marked_lines
from letters.verify import verify

WORDS = """
    five return police to has first effective with a in we services Wales will officers the Act
    inspection forces’ plan accountability well-known and/or custody recommendation of by 43 is
    it “How T. 2017–18 – no_break
    """.split()  # noqa: SIM905  (a list of words reads best as words)
TAGS = ("strong", "em", "a href=x", "span lang=cy")
SHEET = "@page { size: 800px 60000px } html { font: 11pt/1.4 Arimo } "
STYLES = ("", "text-align: justify", "letter-spacing: 0.2pt", "letter-spacing: 1.5pt")
AT_ONCE = 100
"""Paragraphs on one page: no more than the memory holds, and none goes on to a next page."""

Runs = list[tuple[str, Any]]
"""Words beside each other in a line, each with its style."""


def sheet(style: str = "") -> str:
    return f"{SHEET} p {{ margin: 0 0 8pt; {style} }}"


@dataclass(frozen=True)
class Ragged:
    """A line that ends though the next word fits."""

    line: str
    following: str
    spare: float


def a_paragraph(rng: random.Random, number: int) -> str:
    """Up to 60 words in some width, with one or two marks, sometimes nested, sometimes with a stop
    behind them."""
    words = [
        f"P{number}",
        *(rng.choice(WORDS).replace("_", "\u00a0") for _ in range(rng.randint(8, 60))),
    ]
    for _ in range(rng.randint(1, 2)):
        at, size = rng.randrange(1, len(words) - 1), rng.randint(1, 3)
        text = " ".join(words[at : at + size])
        if "<" not in text:
            tag = rng.choice(TAGS)
            text = f"<em>{text}</em>" if rng.random() < 0.15 else text
            marked = f"<{tag}>{text}</{tag.split()[0]}>{rng.choice(('', '', ',', ';'))}"
            words[at : at + size] = [marked]
    width = rng.choice((rng.randint(130, 300), rng.randint(300, 700), 605))
    return f"<p style='width: {width}px'>{' '.join(words)}.</p>"


def paragraphs(seed: int, count: int) -> list[str]:
    rng = random.Random(seed)
    return [a_paragraph(rng, number) for number in range(count)]


def line_boxes(box: Any) -> Iterator[Any]:
    if type(box).__name__ == "LineBox":
        yield box
    else:
        for child in getattr(box, "children", ()):
            yield from line_boxes(child)


def pieces(line: Any) -> Runs:
    """The words of a line, each run of them with its style."""
    texts = (box for box in line.descendants() if getattr(box, "text", ""))
    return [(box.text, box.style) for box in texts]


def measured(runs: Runs) -> float:
    """The width of runs of words beside each other, in pixels, as the text library draws them."""
    width = 0.0
    for text, style in runs:
        layout = line_break.create_layout(text, style, None, None, 0)
        width += line_break.line_size(layout.get_first_line()[0], style)[0]
    return width


def first_word(runs: Runs) -> Runs:
    """The runs as far as the first place where a line may break; all where there is none."""
    text = "".join(words for words, _ in runs)
    end = line_break.get_next_break_point_from_text(text, "en")
    left = len(text if end is None else text[: end + 1].rstrip(" "))
    found = []
    for words, style in runs:
        if left > 0:
            found.append((words[:left], style))
        left -= len(words)
    return found


def joined(line: Runs, gap: str, word: Runs) -> Runs:
    """A line with another word at its end; what is of one style is one run."""
    (text, style), (first, its) = line[-1], word[0]
    text = text.rstrip(" ")
    if style is its:
        between = [(text + gap + first, style)]
    else:
        between = [(text, style), *([(gap, style)] if gap else []), (first, its)]
    return [*line[:-1], *between, *word[1:]]


def ragged(box: Any, room: float, text: str) -> Iterator[Ragged]:
    """The lines of a paragraph in which the next line's first word had room."""
    at, lines = 0, [runs for runs in map(pieces, line_boxes(box)) if runs]
    for runs, following in pairwise(lines):
        at = text.index(own := "".join(words for words, _ in runs).rstrip(" "), at) + len(own)
        gap = " " if text[at] == " " else ""
        spare = room - measured(joined(runs, gap, first_word(following)))
        if spare > 0.05:
            yield Ragged(own, "".join(words for words, _ in following), spare)


class Press:
    """Lays paragraphs out as letters are; what it remembers serves the third time."""

    def __init__(self, sheet: str, *, remembers: bool = False) -> None:
        with only_bundled_fonts():
            self._fonts = FontConfiguration()
        self._sheet = weasyprint.CSS(string=sheet, font_config=self._fonts)
        self._reuse = Reuse(sheet) if remembers else None

    def paragraphs(self, source: list[str]) -> list[Any]:
        """The boxes of paragraphs."""
        with self._reuse.active() if self._reuse else nullcontext():
            page = weasyprint.HTML(string="".join(source))
            document = page.render(font_config=self._fonts, stylesheets=[self._sheet])
        (page,) = document.pages
        boxes = (box for box in page._page_box.descendants() if box.element_tag == "p")
        return [box for box in boxes if type(box).__name__ == "BlockBox"]

    def ragged(self, source: list[str]) -> list[Ragged]:
        """What is ragged in paragraphs, of which there may be many."""
        found: list[Ragged] = []
        for first in range(0, len(source), AT_ONCE):
            for box in self.paragraphs(source[first : first + AT_ONCE]):
                found += ragged(box, box.width, "".join(box.element.itertext()))
        return found


@pytest.fixture
def mended() -> Iterator[None]:
    with filled_lines():
        yield


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the engine is asked to break."""
    texts, theirs = [], line_break.split_first_line

    def split_first_line(
        text: str,
        style: Any,
        context: Any,
        max_width: Any,
        justification_spacing: Any,
        is_line_start: bool = True,
        minimum: bool = False,
    ) -> Any:
        texts.append(text)
        return theirs(
            text, style, context, max_width, justification_spacing, is_line_start, minimum
        )

    monkeypatch.setattr(line_break, "split_first_line", split_first_line)
    return texts


def test_the_engine_alone_ends_lines_too_early() -> None:
    """Or the mend has had its day, or these tests see nothing."""
    found = {style: Press(sheet(style)).ragged(paragraphs(1, 200)) for style in STYLES}
    assert [style for style, lines in found.items() if len(lines) < 2] == []


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.usefixtures("mended")
def test_no_line_ends_though_the_next_word_fits(style: str) -> None:
    assert Press(sheet(style)).ragged(paragraphs(1, 200)) == []


@pytest.mark.long
@pytest.mark.parametrize("seed", [2])
@pytest.mark.parametrize("style", [*STYLES, "hyphens: auto", "white-space: pre-line"])
@pytest.mark.usefixtures("mended")
def test_no_line_of_many_ends_though_the_next_word_fits(style: str, seed: int) -> None:
    assert Press(sheet(style)).ragged(paragraphs(seed, 2_000)) == []


@pytest.mark.parametrize("style", STYLES)
def test_no_remembered_line_ends_though_the_next_word_fits(style: str, asked: list[str]) -> None:
    assert remembered(style, paragraphs(1, 200), asked) == []


@pytest.mark.long
@pytest.mark.parametrize("style", list(STYLES)[:1])
def test_no_line_of_many_remembered_does(style: str, asked: list[str]) -> None:
    assert remembered(style, paragraphs(5, 2_000), asked) == []


def remembered(style: str, source: list[str], asked: list[str]) -> list[Ragged]:
    """What is ragged in paragraphs laid out from memory alone."""
    found = []
    for first in range(0, len(source), AT_ONCE):
        press, some = Press(sheet(style), remembers=True), source[first : first + AT_ONCE]
        with filled_lines():
            press.paragraphs(some), press.paragraphs(some)
            asked.clear()
            found += press.ragged(some)
        assert asked == []
    return found


@pytest.mark.parametrize("width", [61, 62, 63, 64])
@pytest.mark.usefixtures("mended")
def test_a_space_before_bold_words_takes_no_room(width: int) -> None:
    source = f"<p style='font-size: 16px; width: {width}px'>aa bb cc <b>dd</b> ee</p>"
    assert said(Press(sheet()).paragraphs([source])) == ["aa bb cc", "dd ee"]


@pytest.mark.usefixtures("mended")
def test_a_text_without_its_last_space_can_be_cut_with_an_ellipsis() -> None:
    cut = "overflow: hidden; text-overflow: ellipsis"
    source = f"<p style='font-size: 16px; width: 62px; {cut}'>aa bb cc <b>dd</b> ee</p>"
    page = weasyprint.HTML(string=source)
    assert page.write_pdf(stylesheets=[weasyprint.CSS(string=sheet())]).startswith(b"%PDF")


def test_an_engine_with_another_function_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = line_break.split_first_line

    def split_first_line(*arguments: Any, **options: Any) -> Any:
        return theirs(*arguments, **options)

    monkeypatch.setattr(line_break, "split_first_line", split_first_line)
    source = "<p style='font-size: 16px; width: 62px'>aa bb cc <b>dd</b> ee</p>"
    with filled_lines():
        assert said(Press(sheet()).paragraphs([source])) == ["aa", "bb cc", "dd ee"]


def test_the_engine_is_as_it_was_afterwards() -> None:
    before = (line_break.split_first_line, inline.split_first_line, preferred.split_first_line)
    with filled_lines():
        assert line_break.split_first_line is not before[0]
    after = (line_break.split_first_line, inline.split_first_line, preferred.split_first_line)
    assert after == before


def said(boxes: list[Any]) -> list[str]:
    """The lines of paragraphs."""
    lines = (pieces(line) for box in boxes for line in line_boxes(box))
    return ["".join(text for text, _ in line).rstrip(" ") for line in lines]


FULL = "P308 five return five police police to has first effective with a in we services W"
LETTERS = {
    "the shortest": ("aa bb cc **dd** ee", "p { width: 62px; font-size: 16px }", "aa bb cc"),
    "in a letter's width": (f"{FULL} **Flint Avon308** will a of.", "", FULL),
}


@pytest.mark.parametrize("plain", ["0", "1"])
@pytest.mark.parametrize("case", LETTERS)
def test_a_finished_letter_has_its_lines_filled(
    case: str, plain: str, starter: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words, css, line = LETTERS[case]
    letter = starter / "templates/first-wording/letter.md"
    letter.write_text(f"{letter.read_text(encoding='utf-8')}\n\n{words}\n", encoding="utf-8")
    style = starter / "templates/letterhead/print.css"
    style.write_text(f"{style.read_text(encoding='utf-8')}\n{css}\n", encoding="utf-8")
    monkeypatch.setenv(PLAIN, plain)
    project = Project.load(starter)
    (project_round,) = project.rounds
    build_round(project, project_round)
    pdfs = sorted(starter.glob("out/*/letters/*.pdf"))
    assert len(pdfs) == 2
    for pdf in pdfs:
        assert line in printed_lines(pdf.read_bytes())
        verdicts = verify(pdf.parent.glob(f"{pdf.stem}.*"))
        assert [verdict.findings for verdict in verdicts] == [(), (), ()]


def printed_lines(content: bytes) -> list[str]:
    """The lines of a PDF: what stands side by side."""
    marked = marked_lines(content).items()
    lines = groupby(marked, lambda item: (item[0][0], round(item[1].height or 0)))
    return ["".join(line.words for _, line in group).rstrip(" ") for _, group in lines]
