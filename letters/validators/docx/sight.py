"""Words of a Word letter that are there and cannot be seen: hidden, pale as paper, or tiny."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from letters.render.docx.package import Element, value
from letters.validators.docx.package import Parts, W, words
from letters.validators.finding import Finding, quoted

_PALE = 0xF7
"""The least of red, green and blue from which nobody tells a colour from white paper."""

_SMALLEST = 8
"""Half points: four points, a third of a letter's own size."""

_OFF = ("0", "false", "off")
_SUSPECTS = etree.XPath(
    "boolean(//w:rPr/w:vanish | //w:rPr/w:sz[@w:val < $smallest]"
    " | //w:rPr/w:color[starts-with(translate(@w:val, 'f', 'F'), 'F')])",
    namespaces={"w": W[1:-1]},
)

Looks = Mapping[str, Element]
"""Properties by name, as runs and styles have them."""


def sight_findings(parts: Parts) -> Iterator[Finding]:
    """Words that a screen reader or a search finds and a reader's eyes do not."""
    styles = parts.trees["word/styles.xml"]
    printed = list(parts.printed())
    if not any(_SUSPECTS(tree, smallest=_SMALLEST) for tree in (styles, *(t for _, t in printed))):
        return
    looks = _Looks(styles)
    for _, tree in printed:
        for paragraph in tree.iter(f"{W}p"):
            yield from _paragraph(paragraph, looks)


def _paragraph(paragraph: Element, looks: _Looks) -> Iterator[Finding]:
    unseen: dict[str, str] = {}
    for run in paragraph.iter(f"{W}r"):
        said = words(run)
        why = _why(run, looks) if said.strip() else ""
        if why:
            unseen[why] = unseen.get(why, "") + said
    for why, said in unseen.items():
        yield Finding("letters: sight", f"Words cannot be seen: {why}.", quoted(said))


def _why(run: Element, looks: _Looks) -> str:
    """Why a run cannot be seen, as a clause; nothing where it can."""
    found = looks.of(run)
    vanish = found.get("vanish")
    if vanish is not None and value(vanish) not in _OFF:
        return "they are hidden text"
    if value(found.get("sz")).isdecimal() and int(value(found["sz"])) < _SMALLEST:
        return "they are smaller than four points"
    if _is_pale(value(found.get("color"))) and not looks.is_shaded(run):
        return "they have the colour of the paper"
    return ""


def _is_pale(colour: str) -> bool:
    try:
        return len(colour) == 6 and min(bytes.fromhex(colour)) >= _PALE
    except ValueError:
        return False


def _is_dark(holder: Element) -> bool:
    shades = [shade.get(f"{W}fill", "auto") for shade in holder.iter(f"{W}shd")]
    marks = [value(mark) for mark in holder.iter(f"{W}highlight")]
    return any(not _is_pale(s) for s in shades if s != "auto") or any(
        mark not in ("none", "white") for mark in marks
    )


def _is_usual(style: Element) -> bool:
    """Whether a style is that of paragraphs that name none."""
    return style.get(f"{W}type") == "paragraph" and style.get(f"{W}default") in ("1", "true")


class _Looks:
    """What the styles of a file make of a run."""

    def __init__(self, styles: Element) -> None:
        self._styles = {e.get(f"{W}styleId", ""): e for e in styles.iter(f"{W}style")}
        self._usual = next((id_ for id_, e in self._styles.items() if _is_usual(e)), "")
        self._default = styles.find(f"{W}docDefaults/{W}rPrDefault")

    def of(self, run: Element) -> Looks:
        """The properties in force: its own, then those of its styles, the nearest first."""
        found: dict[str, Element] = {}
        for holder in self._holders(run):
            for look in holder.iterfind(f"{W}rPr/*"):
                found.setdefault(etree.QName(look).localname, look)
        return found

    def is_shaded(self, run: Element) -> bool:
        """Whether something dark may lie under a run: a shade, a mark, a table's, a text box."""
        around = run.iterancestors(f"{W}p", f"{W}tc", f"{W}tbl", f"{W}txbxContent")
        holders = [*self._holders(run), *(h for element in around for h in self._around(element))]
        return any(map(_is_dark, holders)) or any(run.iterancestors(f"{W}txbxContent"))

    def _around(self, element: Element) -> Iterator[Element]:
        """What says how a paragraph, a cell or a table is shaded."""
        yield from element.iterfind(f"{element.tag}Pr")
        yield from self._named(value(element.find(f"{W}tblPr/{W}tblStyle")))

    def _holders(self, run: Element) -> Iterator[Element]:
        yield run
        yield from self._named(value(run.find(f"{W}rPr/{W}rStyle")))
        paragraph = next(run.iterancestors(f"{W}p"))
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        yield from self._named(self._usual if style is None else value(style))
        if self._default is not None:
            yield self._default

    def _named(self, name: str) -> Iterator[Element]:
        """A style by its id, and those it is based on."""
        seen: set[str] = set()
        while name in self._styles and name not in seen:
            seen.add(name)
            yield self._styles[name]
            name = value(self._styles[name].find(f"{W}basedOn"))
