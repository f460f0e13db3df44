"""The words of the national report and the press release, as their readers compare them."""

import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree, html
from pdfminer.high_level import extract_text
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException

from letters.document import as_read
from letters.errors import LettersError, Place, Problem
from letters.model import RELEASE, REPORT, NationalReport
from letters.project import ProjectRound
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


LEFT_OUT = 400
"""How many characters an ellipsis may stand for."""


def folded(text: str) -> str:
    """`text` in one form: straight quotation marks, single spaces, no invisible characters."""
    return as_read(unicodedata.normalize("NFC", text).translate(_SIGNS))


def comparable(text: str) -> str:
    """`text` as names are compared: folded, and `&` is the word 'and'."""
    return folded(text).replace("&", "and")


def position(sought: str, text: str) -> int:
    """Where `sought` stands in `text` as whole words, in any case; -1 where it does not.

    Both are folded first; the position is one in the folded text. A part of a longer word is not
    it: 'seven forces' does not stand in 'thirty-seven forces'. An ellipsis in `sought` leaves out
    some of the text.
    """
    pieces = map(re.escape, re.split(r"\s*\[?\.\.\.\]?\s*", folded(sought)))
    words = rf"(?!\w).{{0,{LEFT_OUT}}}?(?<![\w-])".join(pieces)
    match = re.search(rf"(?<![\w-]){words}(?!\w)", folded(text), re.IGNORECASE)
    return match.start() if match else -1


_SPANS = frozenset(
    "a abbr b cite code em i mark q s small span strong sub sup time u".split()  # noqa: SIM905
) | {etree.Comment}
_HIDDEN = frozenset(("head", "script", "style", "template", etree.Comment))


@dataclass(frozen=True, slots=True)
class Report:
    """A report that could be read: the name of its file, and its words, folded."""

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
    """The words of a PDF, DOCX, HTML or text file, folded, in one line.

    Raises LettersError where the file is none of its kind, OSError where it cannot be opened.
    """
    return folded(_READERS[path.suffix.lower()](path.read_bytes()))


def _pdf_text(content: bytes) -> str:
    """By the order of its lines and, where it has them, by its tags.

    Tags keep a sentence whole across columns and pages; poor tags leave words out.
    """
    return f"{_line_text(content)} {_tag_text(content)}"


def _tag_text(content: bytes) -> str:
    try:
        return " ".join(passage.text for passage in read_pdf(content))
    except LettersError:
        return ""


def _line_text(content: bytes) -> str:
    try:
        return extract_text(io.BytesIO(content)).replace("-\n", "-")
    except (PDFException, PSException, ValueError) as error:
        raise LettersError("It is no PDF.") from error


def _docx_text(content: bytes) -> str:
    parts = [passage.text for passage in read_docx(content)]
    return " ".join([*parts, *words(content).values()])


def _html_text(content: bytes) -> str:
    try:
        tree = html.document_fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError as error:
        raise LettersError("It holds no words.") from error
    return "".join(_shown(tree))


def _shown(element: html.HtmlElement) -> Iterator[str]:
    """The words of an element and what follows it; blocks stand apart, spans do not."""
    space = "" if element.tag in _SPANS else " "
    if element.tag not in _HIDDEN:
        yield space + (element.text or "")
        for child in element:
            yield from _shown(child)
    yield space + (element.tail or "")


def _plain_text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


_READERS: Mapping[str, Callable[[bytes], str]] = {
    ".pdf": _pdf_text,
    ".docx": _docx_text,
    ".html": _html_text,
    ".txt": _plain_text,
}
