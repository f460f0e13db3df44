"""Whether the formats of one letter say the same: read back, word for word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import PurePath

from letters.document import Passage
from letters.errors import LettersError
from letters.judges.finding import Finding, quoted
from letters.judges.languages import language_findings
from letters.render.readback import read_docx, read_html, read_pdf

_READERS: Mapping[str, Callable[[bytes], tuple[Passage, ...]]] = {
    ".docx": read_docx,
    ".html": read_html,
    ".pdf": read_pdf,
}
_RULE = "letters: one wording"
_SHOWN = 5


def judge_letter(files: Mapping[str, bytes]) -> dict[str, tuple[Finding, ...]]:
    """Where the formats of one letter differ in their words or their language, by the name of the
    file that stands alone.

    `files` maps file names to contents. Two files that differ are told of the second; of three, the
    one that differs from the other two. A file that cannot be read back is left to its own judge.
    """
    found = _differing(files)
    for name, finding in language_findings(files).items():
        found[name] = (*found.get(name, ()), finding)
    return found


def _differing(files: Mapping[str, bytes]) -> dict[str, tuple[Finding, ...]]:
    read = {name: text for name, content in files.items() if (text := _read(name, content))}
    if len(read) < 2:
        return {}
    agreed = _agreed(list(read.values()))
    other = next(name for name, text in read.items() if text == agreed)
    return {
        name: tuple(_differences(agreed, text, other))
        for name, text in read.items()
        if text != agreed
    }


def _read(name: str, content: bytes) -> tuple[Passage, ...]:
    try:
        return _READERS[PurePath(name).suffix.lower()](content)
    except LettersError:
        return ()


def _agreed(texts: list[tuple[Passage, ...]]) -> tuple[Passage, ...]:
    """What most files say; the first where no two agree."""
    return Counter(texts).most_common(1)[0][0]


def _differences(
    agreed: tuple[Passage, ...], text: tuple[Passage, ...], other: str
) -> Iterator[Finding]:
    changes = SequenceMatcher(None, agreed, text, autojunk=False).get_opcodes()
    changed = [change for change in changes if change[0] != "equal"]
    for _, a, b, c, d in changed[:_SHOWN]:
        ours, theirs = text[c:d], agreed[a:b]
        if len(ours) == len(theirs):
            for mine, its in zip(ours, theirs, strict=True):
                yield _difference(mine, its, other)
        else:
            yield Finding(_RULE, _one_sided(ours, theirs, other))


def _difference(mine: Passage, its: Passage, other: str) -> Finding:
    if mine.text == its.text:
        what = f"This is a {_named(mine)} here and a {_named(its)} in {other}."
        return Finding(_RULE, what, quoted(mine.text))
    ours, theirs = _apart(mine.text, its.text)
    what = f"The words differ: {quoted(ours)} here is {quoted(theirs)} in {other}."
    return Finding(_RULE, what, quoted(mine.text))


def _named(passage: Passage) -> str:
    label = f" labelled {quoted(passage.label)}" if passage.label else ""
    return passage.kind + label


def _apart(mine: str, its: str) -> tuple[str, str]:
    """The words where two passages part, with a word on either side."""
    ours, theirs = mine.split(" "), its.split(" ")
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    _, a, b, c, d = changes[0]
    return " ".join(ours[max(0, a - 1) : b + 1]), " ".join(theirs[max(0, c - 1) : d + 1])


def _one_sided(ours: tuple[Passage, ...], theirs: tuple[Passage, ...], other: str) -> str:
    mine, its = (" ".join(p.text for p in side) for side in (ours, theirs))
    if not ours:
        return f"Text of {other} is not here: {quoted(its)}."
    if not theirs:
        return f"Text is here that {other} does not have: {quoted(mine)}."
    return f"The words differ: {quoted(mine)} here is {quoted(its)} in {other}."
