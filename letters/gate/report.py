"""The words of the national report and the press release, as their readers compare them."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from lxml import etree, html
from pdfminer.high_level import extract_pages
from pdfminer.layout import LTAnno, LTChar, LTTextContainer, LTTextLine
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException

from letters import document as tree
from letters.document import as_read
from letters.errors import LettersError, Place, Problem
from letters.gate.numerals import TENS, UNITS
from letters.gate.quantities import without_counts
from letters.model import LETTERS, RELEASE, REPORT, SUMMARY, Letter, NationalReport
from letters.project import ProjectRound
from letters.render.docx.package import (
    Element,
    WordPackage,
    child,
    is_on,
    packed,
    value,
    w,
    xml_bytes,
    zipped,
)
from letters.render.readback import read_docx, read_pdf
from letters.render.readback.docx import words

_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛", "'"),
        **dict.fromkeys("“”„‟", '"'),
        **dict.fromkeys("‐‑", "-"),
        "…": "...",
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
    }
)


def folded(text: str) -> str:
    """`text` in one form: straight quotation marks, single spaces, no invisible characters."""
    return as_read(unicodedata.normalize("NFC", text).translate(_SIGNS))


def comparable(text: str) -> str:
    """`text` as names are compared: folded, and `&` is the word 'and'."""
    return folded(text).replace("&", "and")


_SPANS = frozenset(
    "a abbr b bdi big br cite code del dfn em font i ins kbd mark q s samp small span "  # noqa: SIM905
    "strike strong sub sup time u var wbr".split()
) | {etree.Comment}
_HIDDEN = frozenset(("head", "script", "style", "template", "del", "s", "strike", etree.Comment))
_NOTE_MARK = re.compile(  # marks of notes; the "th" of "5th" is none
    r"\s*[\[(]?(?!(?:st|nd|rd|th)\b)[\w*†‡§]{1,3}(?:, ?[\w*†‡§]{1,3})*[\])]?\s*"
)


@dataclass(frozen=True, slots=True)
class Report:
    """A report that could be read: the name of its file, and its words, folded, a block a line."""

    file: str
    text: str


def report_files(report: NationalReport | None) -> dict[str, str]:
    """The files of the national report and the press release, by what they are."""
    if report is None:
        return {}
    release = report.press_release
    files = {REPORT: report.file, RELEASE: release.file if release else None}
    return {kind: file for kind, file in files.items() if file}


def read_reports(project_round: ProjectRound) -> tuple[dict[str, Report], tuple[Problem, ...]]:
    """The reports that are files of the round, by what they are; a problem for each unreadable."""
    read, problems = {}, []
    for kind, name in report_files(project_round.round.national_report).items():
        path = project_round.folder / name
        if not path.is_file():
            continue  # reading the round has said so
        try:
            read[kind] = Report(name, report_text(path))
        except (LettersError, OSError) as error:
            place = Place(f"rounds/{project_round.round.id}/{name}")
            what = f"The {kind} cannot be read: {error}"
            problems.append(Problem(place, what, "Save it again from its source."))
    return read, tuple(problems)


def report_text(path: Path) -> str:
    """The words of a PDF, DOCX, HTML or text file, folded, each block in a line of its own.

    Raises LettersError where the file is none of its kind, OSError where it cannot be opened.
    """
    blocks = map(folded, _READERS[path.suffix.lower()](path.read_bytes()))
    return "\n".join(filter(None, blocks))


def _pdf_blocks(content: bytes) -> Iterator[str]:
    """By its tags, where it has them; then what they leave out, by the order of its lines.

    Tags keep a sentence whole across columns and pages; poor tags leave words out.
    """
    lines, marks = _line_blocks(content)
    tagged = [_without(marks, block) for block in _tag_blocks(content)]
    yield from tagged
    known = _letters(" ".join(tagged))
    for block in lines:
        if _letters(block) not in known:
            yield block


def _letters(text: str) -> str:
    return re.sub(r"[\s-]+", "", folded(text))


def _tag_blocks(content: bytes) -> list[str]:
    try:
        return [passage.text for passage in read_pdf(content)]
    except LettersError:
        return []


_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*|\f")


_Raised = tuple[str, str, str]
"""Small raised characters: the word before them, they, and what is kept: nothing of a note's."""


def _without(marks: Iterable[_Raised], block: str) -> str:
    """A block as its lines show it: without note marks, and '1st' in one piece."""
    for word, mark, kept in marks:
        found = rf"(?<!\w)({re.escape(word)}) ?{re.escape(mark)}(?!\w)"
        block = re.sub(found, rf"\g<1>{re.escape(kept)}", block)
    return block


def _line_blocks(content: bytes) -> tuple[list[str], list[_Raised]]:
    """The blocks of a PDF by its lines, and the note marks left out of them, each after its word.

    Raises LettersError where it is no PDF.
    """
    blocks: list[str] = []
    marks: list[_Raised] = []
    try:
        for page in extract_pages(io.BytesIO(content)):
            boxes = (each for each in page if isinstance(each, LTTextContainer))
            for box in boxes:
                lines = [each for each in box if isinstance(each, LTTextLine)]
                blocks.append("\n".join(_line(line, marks) for line in lines))
    except (PDFException, PSException, ValueError) as error:
        raise LettersError("It is no PDF.") from error
    text = "\n\n".join(blocks).replace("\u00ad\n", "")
    return _PARAGRAPHS.split(_PARTED.sub(_whole, text)), marks


RAISED, SMALL = 0.2, 0.95
"""How far above the line, and how small, a note mark is, in heights of the line's characters."""


def _line(line: LTTextLine, marks: list[_Raised]) -> str:
    """The words of a line; small raised marks behind a word go to `marks` instead."""
    chars = [each for each in line if isinstance(each, LTChar)]
    if not chars:
        return ""
    size = max(each.size for each in chars)
    base = min(each.y0 for each in chars if each.size == size)
    said, mark = "", ""
    for piece in _evenly_spaced(line):
        is_mark = (
            isinstance(piece, LTChar)
            and piece.size < SMALL * size
            and piece.y0 > base + RAISED * size
        )
        if is_mark:
            mark += piece.get_text()
            continue
        said, mark = _marked(said, mark, marks), ""
        said += piece.get_text()
    return _marked(said, mark, marks).strip()


def _marked(said: str, mark: str, marks: list[_Raised]) -> str:
    """What a line says up to a mark: with it, where it is no note's, as in '1st'."""
    if not mark:
        return said
    word, kept = re.search(r"\S*$", said), "" if _NOTE_MARK.fullmatch(mark) else mark
    marks.append((word[0] if word else "", mark.strip(), kept))
    return said + kept


def _evenly_spaced(line: LTTextLine) -> list[LTChar | LTAnno]:
    """The characters of a line; in one whose letters are set apart without the spaces in words."""
    pieces = [each for each in line if isinstance(each, LTChar | LTAnno)]
    chars = [each for each in pieces if isinstance(each, LTChar) and each.get_text().strip()]
    gaps = sorted(b.x0 - a.x1 for a, b in pairwise(chars))
    spaces = sum(1 for each in pieces if not each.get_text().strip(" "))
    if len(chars) < 5 or spaces < 0.7 * len(gaps):
        return pieces
    usual = gaps[len(gaps) // 2]
    kept: list[LTChar | LTAnno] = [*chars[:1]]
    for before, char in pairwise(chars):
        kept += [LTAnno(" "), char] if char.x0 - before.x1 > 1.8 * usual else [char]
    return kept


_PARTED = re.compile(r"([^\W\d_]+)([-‐])\n(?=[a-z])")
"""A word that is parted at the end of a line."""


def _whole(parted: re.Match[str]) -> str:
    """The first part as it is joined to the next; the hyphen of 'thirty-seven' is its own."""
    is_number = parted[1].lower() in (*TENS, *UNITS)
    return parted[1] + (parted[2] if is_number else "")


def _docx_blocks(content: bytes) -> list[str]:
    content = _as_printed(content)
    return [*(passage.text for passage in read_docx(content)), *words(content).values()]


_UNPRINTED = ("vanish", "specVanish", "strike", "dstrike")


def _as_printed(content: bytes) -> bytes:
    """A Word file without what is deleted, hidden or struck out in it, and without note marks."""
    package = WordPackage.read(content)
    for name in package.xml_parts:
        root = package.xml(name)
        gone = [*root.iter(w("del"), w("moveFrom")), *filter(_is_unprinted, root.iter(w("r")))]
        for element in gone:
            if (parent := element.getparent()) is not None:
                parent.remove(element)
        if gone:
            package.parts[name] = xml_bytes(root)
    return zipped({name: packed(part) for name, part in package.parts.items()})


def _is_unprinted(run: Element) -> bool:
    looks = child(run, "rPr")
    text = "".join(each.text or "" for each in run.iter(w("t")))
    is_raised = value(child(looks, "vertAlign")) == "superscript"
    is_note = is_raised and _NOTE_MARK.fullmatch(text) is not None
    return is_note or any(is_on(child(looks, name)) for name in _UNPRINTED)


def _html_blocks(content: bytes) -> list[str]:
    try:
        content.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:  # what a page says of itself is wrong as often as right
        encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"
    try:
        tree = html.document_fromstring(content, parser=html.HTMLParser(encoding=encoding))
    except etree.ParserError as error:
        raise LettersError("It holds no words.") from error
    return "".join(_shown(tree)).split("\n")


def _shown(element: html.HtmlElement) -> Iterator[str]:
    """The words of an element and what follows it; blocks stand apart, spans do not."""
    space = "" if element.tag in _SPANS else "\n"
    if element.tag == "br":
        yield " "
    elif not _is_hidden(element):
        yield space + _one_line(element.text)
        for child in element:
            yield from _shown(child)
    yield space + _one_line(element.tail)


def _is_hidden(element: html.HtmlElement) -> bool:
    """Whether nobody sees it, or sees it struck through; the mark of a footnote is no word."""
    is_hidden = element.tag in _HIDDEN or element.get("hidden") is not None
    is_note = element.tag == "sup" and _NOTE_MARK.fullmatch(element.text_content())
    return is_hidden or bool(is_note)


def _one_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _plain_blocks(content: bytes) -> list[str]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    return _PARAGRAPHS.split(text.replace("\r\n", "\n"))


_READERS: Mapping[str, Callable[[bytes], Iterable[str]]] = {
    ".pdf": _pdf_blocks,
    ".docx": _docx_blocks,
    ".html": _html_blocks,
    ".txt": _plain_blocks,
}


_SOURCES = {
    "letter_addressees": "recipients.yaml",
    "letter_delivery": "recipients.yaml",
    "letter_copies": "recipients.yaml",
}


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of a letter: its words, whether it is in a block quotation, where it was written.

    `values` are the record fields printed in it, with their words and places.
    """

    content: tuple[tree.Inline, ...]
    is_quote: bool
    place: Place
    values: tuple[tuple[str, Place], ...] = ()

    @property
    def text(self) -> str:
        """Its words."""
        return tree.plain(self.content)

    def place_of(self, words: str) -> Place:
        """Where `words` were written: the record if one of its values holds them."""
        sought = comparable(words).casefold()
        values = ((comparable(text).casefold(), place) for text, place in self.values)
        holding = (place for text, place in values if sought in text)
        return next(holding, self.place)


def spots_of(letter: Letter, document: tree.Document) -> Iterator[TextBlock]:
    """The title of a letter and its every block but the sender, which is the same in all."""
    labels = Place(f"templates/{letter.round.wording}/labels.yaml")
    yield TextBlock((tree.Text(document.title),), is_quote=False, place=labels)
    for slot in tree.SLOTS:
        if slot != "letter_sender":
            file = _SOURCES.get(slot, labels.file)
            field = letter.recipients[0].id if slot in _SOURCES else ""
            default = Place(file, field=field)
            yield from _inside(document.slots[slot], letter, default)


def hrefs(content: tuple[tree.Inline, ...]) -> Iterator[str]:
    """Where the links of inline content lead."""
    for inline in tree.inlines(content):
        if isinstance(inline, tree.Link):
            yield inline.href


def emphasised(content: tuple[tree.Inline, ...]) -> Iterator[str]:
    """The words of inline content that stand in italics, as titles do."""
    for inline in tree.inlines(content):
        if isinstance(inline, tree.Emphasis):
            yield tree.plain(inline.content)


def _inside(blocks: Iterable[tree.Block], letter: Letter, default: Place) -> Iterator[TextBlock]:
    for block, is_quoted, _ in tree.walk(blocks):
        place = _written(block.origin, letter, default)
        for content in tree.contents(block):
            yield TextBlock(content, is_quoted, place, _values(content, letter))


def _written(origin: tree.Origin, letter: Letter, default: Place) -> Place:
    """Where a block was written; a cell of a record for what came from a rich-text field."""
    if origin.file.startswith("templates/"):
        return Place(origin.file, origin.line)
    recorded = (letter.places[name] for name in origin.fields if name in letter.places)
    return next(recorded, Place(origin.file, origin.line) if origin.file else default)


def _values(content: tuple[tree.Inline, ...], letter: Letter) -> tuple[tuple[str, Place], ...]:
    return tuple(
        (inline.text, letter.places[inline.field])
        for inline in tree.inlines(content)
        if isinstance(inline, tree.Text) and inline.field in letter.places
    )


@dataclass(frozen=True)
class PrintedText:
    """A text as a report, and the place of each of its lines; `default` is that of all others."""

    report: Report
    default: Place
    places: Mapping[str, Place]

    def place_of(self, sentence: str) -> Place:
        """Where a sentence was written."""
        pieces = (sentence, re.split(r"(?<=[:;,–-]) ", sentence)[0])
        holding = (p for piece in pieces for line, p in self.places.items() if piece in line)
        return next(holding, self.default)


def printed_texts(
    project_round: ProjectRound, reports: Mapping[str, Report], wording: Mapping[str, Place]
) -> Mapping[str, PrintedText]:
    """The texts of a round by where claims may be printed; `wording` are lines fixed in letters."""
    folder = f"rounds/{project_round.round.id}"
    texts = {
        kind: PrintedText(report, Place(f"{folder}/{report.file}"), {})
        for kind, report in reports.items()
    }
    place = project_round.places.get("summary", Place(f"{folder}/round.yaml")).at("summary")
    summary = {comparable(without_counts(each)): place for each in project_round.round.summary}
    folder = f"templates/{project_round.round.wording}"
    for kind, name, default, lines in (
        (SUMMARY, "the summary", place, summary),
        (LETTERS, "the letters", Place(folder), wording),
    ):
        texts[kind] = PrintedText(Report(name, "\n".join(lines)), default, lines)
    return texts


def fixed_lines(spots: Iterable[TextBlock]) -> Iterator[tuple[str, Place]]:
    """The words of blocks that stand in the wording itself, with a sign for each value.

    What records and people fill in is left out, and so are quotations.
    """
    for spot in spots:
        if spot.place.file.startswith("templates/") and not spot.is_quote:
            words = "".join(map(_word, tree.inlines(spot.content)))
            if line := comparable(words):
                yield line, spot.place


def _word(inline: tree.Inline) -> str:
    match inline:
        case tree.Break():
            return " "
        case tree.Text(text=text, field=field):
            return "~" if field else text
    return ""
