"""The text of a finished Word letter, block by block, as its reader meets it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from letters.document import Passage, WholeText, as_read
from letters.render.docx.crest import alternatives, unread
from letters.render.docx.package import Element, WordPackage, child, is_on, number, shown, value, w
from letters.render.docx.stylesheet import Counters, Numbering, StyleSheet
from letters.render.pdf.text import collapsed

_SPACES = {w("br"), w("tab"), w("cr"), w("ptab")}
_HYPHEN = w("noBreakHyphen")
_KINDS = {f"heading {level}": f"heading {level}" for level in (1, 2, 3)} | {"quote": "quote"}


def read_docx(content: bytes) -> tuple[Passage, ...]:
    """The passages of a Word file's body, list labels computed as Word computes them.

    Raises NotReadable if `content` is no Word file.
    """
    return tuple(_BodyReader(WordPackage.read(content)).passages())


def read_styled(content: bytes) -> tuple[tuple[str, Passage], ...]:
    """The passages of a Word file's body, each with the name of its paragraph style.

    Raises NotReadable if `content` is no Word file.
    """
    return tuple(_BodyReader(WordPackage.read(content)).styled())


def read_word(content: bytes) -> WholeText:
    """Everything that a Word letter says: its body, and the lines of headers, footers and notes.

    Raises NotReadable if `content` is no Word file.
    """
    package = WordPackage.read(content)
    main = package.one("", "officeDocument")
    kinds = ("header", "footer", "footnotes", "endnotes")
    names = [name for kind in kinds for _, name in package.related(main, kind)]
    parts = [package.xml(name, shared=True) for name in names]
    paragraphs = [each for part in parts for each in shown(part, w("p"))]
    ornaments = chain.from_iterable(map(unread, [*parts, package.xml(main, shared=True)]))
    return WholeText(
        tuple(_BodyReader(package).passages()),
        _once(map(_text, paragraphs)),
        _once(chain(map(alternatives, paragraphs), ornaments)),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Texts that say something, each once."""
    return tuple(dict.fromkeys(filter(None, map(as_read, texts))))


def words(content: bytes) -> dict[str, str]:
    """The words of each header, footer and note of a Word file, by the name of the part.

    Raises NotReadable if `content` is no Word file.
    """
    package = WordPackage.read(content)
    main = package.one("", "officeDocument")
    kinds = ("header", "footer", "footnotes", "endnotes")
    names = [name for kind in kinds for _, name in package.related(main, kind)]
    return {name: collapsed(_text(package.xml(name))) for name in names}


@dataclass(frozen=True)
class _WordParagraph:
    """A paragraph: its passage, its list level (-1 where it has none) and whether it shows."""

    passage: Passage
    level: int
    shows: bool
    style: str


class _BodyReader:
    def __init__(self, package: WordPackage) -> None:
        main = package.one("", "officeDocument")
        numbered = package.one(main, "numbering")
        numbering = Numbering(package.xml(numbered, shared=True) if numbered else None)
        self._body = child(package.xml(main, shared=True), "body")
        styles = package.xml(package.one(main, "styles"), shared=True)
        self._styles = StyleSheet(styles, numbering)
        self._counters = Counters(numbering)

    def passages(self) -> Iterator[Passage]:
        """Every paragraph that shows something."""
        return (passage for _, passage in self.styled())

    def styled(self) -> Iterator[tuple[str, Passage]]:
        """The same with the name of each paragraph's style.

        An item whose first block is a list or table has an empty paragraph for its label, which
        the reader meets with what comes next.
        """
        waiting: _WordParagraph | None = None
        for line in self._lines():
            if not line.shows:
                waiting = line if line.passage.label else waiting
                continue
            yield line.style, _labelled(line, waiting)
            waiting = None

    def _lines(self) -> Iterator[_WordParagraph]:
        for paragraph in () if self._body is None else shown(self._body, w("p")):
            line = self._line(paragraph)
            if line.passage.kind != "figure" and (alt := collapsed(alternatives(paragraph))):
                yield _WordParagraph(Passage("figure", "", alt), -1, True, line.style)
            yield line

    def _line(self, paragraph: Element) -> _WordParagraph:
        properties = child(paragraph, "pPr")
        style = value(child(properties, "pStyle"))
        numbered = self._numbered(child(properties, "numPr"), style)
        label = self._counters.label(*numbered) if numbered else ""
        text, alt = collapsed(_text(paragraph)), alternatives(paragraph)
        cell = _cell_kind(paragraph)
        kind = cell or ("figure" if alt and not text else "") or self._kind(style)
        words_ = text if text or cell else collapsed(alt)
        passage = Passage(kind, label, words_)
        level = numbered[1] if numbered else -1
        return _WordParagraph(passage, level, bool(words_ or cell), self._styles.name(style))

    def _kind(self, style: str) -> str:
        return _KINDS.get(self._styles.name(style), "paragraph")

    def _numbered(self, own: Element | None, style: str) -> tuple[str, int] | None:
        """The list instance and level of a paragraph: its own, else its style's."""
        instance = child(own, "numId")
        if instance is None:
            return self._styles.numbered(style)
        return None if value(instance) == "0" else (value(instance), number(child(own, "ilvl")))


def _labelled(line: _WordParagraph, waiting: _WordParagraph | None) -> Passage:
    """A line's passage, with the label of the empty item before it where that is round it."""
    inside = waiting is not None and (
        line.level > waiting.level or line.passage.kind.startswith("table")
    )
    if waiting is None or not inside:
        return line.passage
    return Passage(line.passage.kind, waiting.passage.label, line.passage.text)


def _cell_kind(paragraph: Element) -> str:
    """What a cell's words are; nothing in a table without a header row, which is layout."""
    row = next(paragraph.iterancestors(w("tr")), None)
    table = None if row is None else row.getparent()
    if row is None or table is None or not any(map(_is_header, table.iterchildren(w("tr")))):
        return ""
    return "table heading" if _is_header(row) else "table cell"


def _is_header(row: Element) -> bool:
    return is_on(child(row, "trPr", "tblHeader"))


def _text(root: Element) -> str:
    """The words under an element, without those of text boxes inside a paragraph."""
    out = []
    for element in shown(root, w("t"), _HYPHEN, *_SPACES):
        if root.tag != w("p") or next(element.iterancestors(w("p"))) is root:
            out.append(_words(element))
    return "".join(out)


def _words(element: Element) -> str:
    if element.tag == w("t"):
        return element.text or ""
    if element.tag == _HYPHEN:
        return "\u2011"
    return " " if _in_run(element) else ""


def _in_run(element: Element) -> bool:
    """A tab is also the name of a tab stop, which says nothing."""
    parent = element.getparent()
    return parent is not None and parent.tag == w("r")
