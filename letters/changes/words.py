"""Words changed since a letter was last made or approved, and Word letters edited by hand."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from pathlib import Path

from letters.document import Document, Origin, Passage, contents, passages
from letters.errors import LettersError, shortened, some
from letters.files import output_name
from letters.render.readback import read_docx

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class WordChange:
    """Words that differ: `now` stands at `start` to `end` of passage `passage`, where `was` stood.

    `passage` counts the passages of the letter as it is now. Where words only fell away, `now` is
    empty and the position is where they stood. `origin` is that of the block.
    """

    passage: int
    start: int
    end: int
    was: str
    now: str
    origin: Origin

    def __str__(self) -> str:
        if self.was and self.now:
            return f"'{self.now}' for '{self.was}'"
        return f"'{self.now}' is new" if self.now else f"'{self.was}' is gone"

    @property
    def short(self) -> str:
        """The same in a line's length, for a list of several."""
        return str(replace(self, was=shortened(self.was), now=shortened(self.now)))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a letter, and where it stands."""

    text: str
    passage: int
    start: int
    end: int


def changes_since(folder: Path, document: Document) -> tuple[WordChange, ...] | None:
    """How the letter differs from `<id>.html` in `folder`; None where there is no such letter."""
    path = folder / output_name(document.id, "html")
    from letters.render.readback import read_html  # readers are slow to start

    try:
        before = read_html(path.read_bytes())
    except (OSError, UnicodeDecodeError, LettersError):
        return None
    return changes(before, document)


def earlier_letter(where: Path, id_: str) -> tuple[Passage, ...] | None:
    """The passages of a letter made earlier, ours or not: the file `where`, or `id_` in a folder.

    Of several formats the first of web page, Word and PDF; None where there is none. Raises
    LettersError where a file is there and cannot be read.
    """
    from letters.render.readback import read_html, read_page, read_pdf  # they are slow to start

    names = [where / output_name(id_, format_) for format_ in ("html", "docx", "pdf")]
    path = next((each for each in (where, *names) if each.is_file()), None)
    if path is None:
        return None
    content, readers = path.read_bytes(), {".docx": read_docx, ".pdf": read_pdf}
    try:
        if reader := readers.get(path.suffix.lower()):
            return reader(content)
        return read_html(content) if b'class="letter"' in content else read_page(content).flow
    except LettersError as error:
        raise LettersError(f"{path} cannot be read: {error}") from error


def changes(before: Sequence[Passage], document: Document) -> tuple[WordChange, ...]:
    """How `document` differs in words from the passages of an earlier letter, in reading order.

    Whole passages are compared first, so that a paragraph put in between is one change.
    """
    now, origins = passages(document), passage_origins(document)
    old, new = ([f"{p.label} {p.text}" for p in each] for each in (before, now))
    found: list[WordChange] = []
    for kind, a, b, c, d in _differences(old, new):
        if kind == "replace":
            found += _reworded(_words(before, a, b), _words(now, c, d), origins)
        else:
            found += _whole(before[a:b], now, range(c, d), origins)
    return tuple(found)


def passage_origins(document: Document) -> tuple[Origin, ...]:
    """The origin of each passage of a letter; each cell has that of its table."""
    return tuple(met.block.origin for met in document.walk() for _ in contents(met.block))


def _differences(old: list[str], new: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    for found in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if found[0] != "equal":
            yield found


def _words(letter: Sequence[Passage], first: int, last: int) -> list[_Word]:
    """The words of some passages; the label of a list item counts as one, of no width."""
    words = []
    for n in range(first, last):
        if letter[n].label:
            words.append(_Word(letter[n].label, n, 0, 0))
        words += [_Word(m[0], n, m.start(), m.end()) for m in _WORD.finditer(letter[n].text)]
    return words


def _reworded(
    old: list[_Word], new: list[_Word], origins: Sequence[Origin]
) -> Iterator[WordChange]:
    for _, a, b, c, d in _differences([w.text for w in old], [w.text for w in new]):
        was = " ".join(word.text for word in old[a:b])
        groups = _by_passage(new[c:d]) or [[_end_of(new, c)]]
        for n, group in enumerate(groups):
            now = " ".join(word.text for word in group)
            first, last = group[0], group[-1]
            yield WordChange(
                first.passage, first.start, last.end, "" if n else was, now, origins[first.passage]
            )


def _by_passage(words: list[_Word]) -> list[list[_Word]]:
    groups: dict[int, list[_Word]] = {}
    for word in words:
        groups.setdefault(word.passage, []).append(word)
    return list(groups.values())


def _end_of(words: list[_Word], position: int) -> _Word:
    """An empty word where others fell away."""
    near = words[position - 1] if position else words[0]
    spot = near.end if position else near.start
    return _Word("", near.passage, spot, spot)


def _whole(
    gone: Sequence[Passage], now: Sequence[Passage], new: range, origins: Sequence[Origin]
) -> Iterator[WordChange]:
    """Passages that are new, or gone."""
    for n in new:
        yield WordChange(n, 0, len(now[n].text), "", now[n].text, origins[n])
    spot = min(new.start, len(now) - 1)
    for passage in gone:
        yield WordChange(spot, 0, 0, passage.text, "", origins[spot])


SHOWN = 5
"""How many changed places a message quotes."""


def changed_words(edited: bytes, rendered: bytes) -> str:
    """How the edited Word letter differs from the one rendered now: in words, and in what people
    said in it.

    Such as `'four of the five plans' for 'three of the five plans'`; says so where no word differs.
    Changes that Word tracked count as accepted, and are told with their authors, as comments are.
    """
    from letters.word.remarks import accepted, remarks  # seldom needed

    try:
        passages, said = read_docx(accepted(edited)), remarks(edited)
    except Exception:
        return "it can no longer be read as a Word letter"
    changes = list(_changes(_all_words(read_docx(rendered)), _all_words(passages)))
    parts = [f"it says {some(changes, SHOWN, '; ')}"] if changes else []
    parts += [some(said, SHOWN, "; ")] if said else []
    return "; ".join(parts) or "no word differs, only looks or properties"


def _all_words(passages: tuple[Passage, ...]) -> list[str]:
    return [word for passage in passages for word in f"{passage.label} {passage.text}".split()]


def _changes(built: list[str], edited: list[str]) -> Iterator[str]:
    for kind, a, b, c, d in SequenceMatcher(None, built, edited, autojunk=False).get_opcodes():
        if kind != "equal":
            was, now = " ".join(built[a:b]), " ".join(edited[c:d])
            yield f"'{now}' for '{was}'" if was and now else _one_sided(was, now)


def _one_sided(was: str, now: str) -> str:
    return f"'{now}' more" if now else f"'{was}' no more"
