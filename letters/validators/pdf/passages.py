"""Whether a PDF says what its letter says, no more and no less: held against the block tree.

The whole structure tree must hold the letter's passages, lists, tables, quotations and links, in
order. All else that is drawn must be an artifact (`order` sees to that), and the words of a page's
artifacts its own: its number, the marks of a draft, heads of tables that go on, and what the layout
prints itself.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from urllib.parse import unquote

from letters.document import Document, Passage, Table, plain
from letters.render.outline import FileRecord, OutlineEntry, entries_digest, outline, with_words
from letters.render.words import Finding, quoted
from letters.validators.pdf.pdf_file import PdfReading
from letters.validators.pdf.tagged import Tagged, said, tagged_entries

RULE = "letters: passages"

_SHOWN = 5
"""Differences that are told of one file; more of them have one cause."""

_TAKEN = "\0"
"""Stands for a sign whose place is known."""

_NUMBERS = {2: "two", 3: "three", 4: "four"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a file is to say: a letter, and `own` words that its layout prints itself.

    They come piece by piece, the labels of page numbers among them; each may stand once on each
    page, and once among the letter.
    """

    document: Document
    own: Sequence[str]


def passage_findings(reading: PdfReading, letter: Expected) -> Iterator[Finding]:
    """Find where a tagged PDF says something else than its letter."""
    document = letter.document
    yield from _differences(outline(document), tagged_entries(reading), letter.own)
    marks = [mark for mark in (document.draft, document.handling) if mark]
    for page in range(reading.pages):
        yield from _artifacts(reading, page, letter.own, marks, _heads(document))


def recorded_findings(reading: PdfReading, record: FileRecord) -> Iterator[Finding]:
    """Find whether a tagged PDF still says what it was made to say, from its own record alone."""
    entries = [tagged.entry for tagged in tagged_entries(reading)]
    rest = list(record.own)
    bare = [entry for entry in entries if _is_beyond(entry.passage, rest)]
    if record.digest not in (entries_digest(entries), entries_digest(bare)):
        count = with_words(entries)
        counts = f": {count} passages for {record.count}" if count != record.count else ""
        what = (
            f"The words or tags of this file are not those that it was made with{counts}."
            " Take the file that was built or published."
        )
        yield Finding(RULE, what)
    heads = [e.passage.text for e in entries if e.passage.kind == "table heading"]
    for page in range(reading.pages):
        yield from _artifacts(reading, page, record.own, record.marks, heads)


def spoken_findings(reading: PdfReading) -> Iterator[Finding]:
    """Find where a tagged PDF says one thing and shows another, whatever its letter says."""
    yield from _doubled(reading)
    yield from _spoken_otherwise(reading)


def _doubled(reading: PdfReading) -> Iterator[Finding]:
    """Marks that stand twice in the tree or on a page: words are read out again, or not at all."""
    for mark, count in Counter(reading.tree.marks()).items():
        if count > 1:
            what = f"These words are read out {_times(count)}."
            words = reading.marked[mark].words if mark in reading.marked else ""
            yield Finding(RULE, what, _where(mark.page, words))
    drawn = Counter(stretch.mark for stretch in reading.stretches if stretch.mark)
    for mark, count in drawn.items():
        if count > 1:
            what = f"The same tag holds content of {_NUMBERS.get(count, str(count))} places."
            yield Finding(RULE, what, _where(mark.page, reading.marked[mark].words))


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def _is_spoken(words: str, drawn: str) -> bool:
    """Whether words read out are those drawn; a soft hyphen is drawn where a line ends with it."""
    ends_soft = words.rstrip().endswith("\u00ad")
    return said(drawn) == said(words) or (ends_soft and said(drawn) == said(words) + "-")


def _spoken_otherwise(reading: PdfReading) -> Iterator[Finding]:
    """Where the file tells screen readers to say other words than its glyphs show."""
    for stretch in reading.stretches:
        if stretch.mark and stretch.exact and not _is_spoken(stretch.words, stretch.drawn):
            what = f"{quoted(stretch.words)} is read out where {quoted(stretch.drawn)} is drawn."
            yield Finding(RULE, what, f"page {stretch.page + 1}")
    for element in reading.elements:
        instead = element.exact or (element.tag != "Figure" and element.alternative)
        if instead:
            what = f"{quoted(instead)} is read out in place of these words."
            yield Finding(RULE, what, reading.where(element))


def _differences(
    wanted: Sequence[OutlineEntry], found: Sequence[Tagged], own: Sequence[str]
) -> Iterator[Finding]:
    """Where the tree and the letter part, at most `_SHOWN` times."""
    ours, theirs = [each.passage for each in wanted], [each.entry.passage for each in found]
    moved = set(ours) - set(Counter(ours) - Counter(theirs)) - set(Counter(theirs) - Counter(ours))
    changes = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    rest, findings = list(own), list[Finding]()
    for change, a, b, c, d in changes:
        if change == "equal":
            findings += _places(wanted[a:b], found[c:d])
        else:
            findings += _changed(ours[a:b], found[c:d], rest, moved)
    return iter(findings[:_SHOWN])


def _places(wanted: Sequence[OutlineEntry], found: Sequence[Tagged]) -> Iterator[Finding]:
    """Passages in other containers, of which the first tells enough, and with other links."""
    pairs = list(zip(wanted, found, strict=True))
    moved = ((w.within, f) for w, f in pairs if w.within != f.entry.within)
    for within, have in islice(moved, 1):
        what = (
            f"This is tagged as {_named(have.entry.within)}; it is {_named(within)} of the letter."
        )
        yield Finding(RULE, what, have.where)
    for want, have in pairs:
        if _plain_links(want.links) != _plain_links(have.entry.links):
            links = _named_links(have.entry.links), _named_links(want.links)
            what = f"Tagged here: {links[0]}. In the letter: {links[1]}."
            yield Finding(RULE, what, have.where)


def _named(within: tuple[str, ...]) -> str:
    return " in ".join(reversed(within)) or "text outside lists, tables and quotations"


def _plain_links(links: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Links without the ways in which addresses may be written."""
    return [(unquote(address), said(words)) for address, words in links]


def _named_links(links: Sequence[tuple[str, str]]) -> str:
    named = (f"the link {quoted(words)} to {quoted(address)}" for address, words in links)
    return ", ".join(named) or "no link"


def _changed(
    ours: Sequence[Passage], theirs: Sequence[Tagged], rest: list[str], moved: Container[Passage]
) -> Iterator[Finding]:
    """Passages that are missing, added, cut or changed.

    `rest` are words the layout may add, `moved` passages that are only in another place.
    """
    texts = [each.entry.passage.text for each in theirs]
    if ours and theirs and said("".join(p.text for p in ours)) == said("".join(texts)):
        yield from _cut(ours, theirs)
        return
    extra = [each for each in theirs if _is_beyond(each.entry.passage, rest)]
    if len(ours) == len(extra):
        yield from (_other(one, each) for one, each in zip(ours, extra, strict=True))
        return
    for each in extra:
        is_moved = each.entry.passage in moved
        what = "in another place than in the letter" if is_moved else "and are not the letter's"
        yield Finding(RULE, f"These words are read out {what}.", each.where)
    for passage in ours:
        if said(passage.text) and passage not in moved:
            what = f"A {passage.kind} of the letter is not read out: {quoted(passage.text)}."
            yield Finding(RULE, what)


def _is_beyond(passage: Passage, rest: list[str]) -> bool:
    """Whether a passage holds more than words that the layout may add."""
    words = _beyond(said(passage.text), pieces := list(rest))
    if words.strip(_TAKEN) or passage.kind == "figure":
        return True
    rest[:] = pieces
    return False


def _cut(ours: Sequence[Passage], theirs: Sequence[Tagged]) -> Iterator[Finding]:
    """The same words, otherwise divided or tagged."""
    if len(ours) == len(theirs):
        pairs = zip(ours, theirs, strict=True)
        yield from (
            _other(passage, each) for passage, each in pairs if passage != each.entry.passage
        )
        return
    count = _NUMBERS.get(len(theirs), str(len(theirs)))
    whole = f"A {ours[0].kind}" if len(ours) == 1 else f"{len(ours)} passages"
    verb = "is" if len(ours) == 1 else "are"
    yield Finding(RULE, f"{whole} of the letter {verb} tagged as {count}.", theirs[-1].where)


def _other(passage: Passage, each: Tagged) -> Finding:
    """A passage that says or is something else."""
    have = each.entry.passage
    if said(passage.text) == said(have.text):
        what = f"This is tagged as a {_kind(have)}; it is a {_kind(passage)}."
    else:
        here = quoted(have.text) if have.text else "Nothing"
        what = f"{here} is read out where the letter says {quoted(passage.text)}."
    return Finding(RULE, what, each.where)


def _kind(passage: Passage) -> str:
    return passage.kind + (f" labelled {quoted(passage.label)}" if passage.label else "")


def _artifacts(
    reading: PdfReading, page: int, own: Sequence[str], marks: Sequence[str], heads: Sequence[str]
) -> Iterator[Finding]:
    """Words of a page that are neither the letter's nor the page's own, and marks it lacks."""
    shown = [each for each in reading.stretches if each.page == page and each.artifact]
    for mark in marks:
        if said(mark) not in "".join(said(each.drawn) for each in shown):
            yield Finding(RULE, f"The mark {quoted(mark)} is missing.", f"page {page + 1}")
    repeated = heads if page else []
    pieces = [*own, *marks, *repeated, str(page + 1), str(reading.pages)]
    if beyond := _strangers([each.drawn for each in shown], pieces):
        what = "These words are neither the letter's nor the page's own."
        yield Finding(RULE, what, _where(page, " ".join(beyond)))


def _strangers(shown: Sequence[str], pieces: Sequence[str]) -> list[str]:
    """Those of `shown` that hold more than `pieces`, of which each may be shown once.

    What is shown whole is taken first: "of" belongs to a page number before any longer words.
    """
    rest, folded = list(map(said, pieces)), list(map(said, shown))
    for n, words in enumerate(folded):
        if words in rest:
            rest.remove(words)
            folded[n] = _TAKEN * len(words)
    left, strangers = _beyond("".join(folded), rest), []
    for words, length in zip(shown, map(len, folded), strict=True):
        strangers += [words] if left[:length].strip(_TAKEN) else []
        left = left[length:]
    return strangers


def _heads(document: Document) -> list[str]:
    """The heads of tables, which a page repeats where a table goes on."""
    tables = (met.block for met in document.walk() if isinstance(met.block, Table))
    return [plain(cell) for table in tables for cell in table.rows[0]]


def _beyond(words: str, pieces: list[str]) -> str:
    """Words as `said` folds them, with `_TAKEN` for each sign of `pieces`.

    A piece is taken once, out of the words and out of the list.
    """
    for piece in sorted(pieces, key=len, reverse=True):
        folded = said(piece)
        if folded and folded in words:
            words = words.replace(folded, _TAKEN * len(folded), 1)
            pieces.remove(piece)
    return words


def _where(page: int, words: str) -> str:
    place = f"page {page + 1}"
    return f"{place}, {quoted(words)}" if words.strip() else place
