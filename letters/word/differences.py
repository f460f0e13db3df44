"""Where a Word letter that came back differs in words from the letter as it was built."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from letters.document import (
    Break,
    Document,
    Figure,
    Gap,
    Inline,
    Origin,
    Passage,
    Text,
    as_read,
    contents,
    inlines,
    plain,
    walk,
)
from letters.word.alignment import common_ends

END = "\n"
"""What parts the passages of a letter in its one text."""


@dataclass(frozen=True, slots=True)
class PrintedPassage:
    """A passage of a letter as it was made: its words, the placeholder that printed each character
    ("" for the wording's own), where its block came from, and which block that is.
    """

    text: str
    fields: tuple[str, ...]
    origin: Origin
    block: int
    label: str = ""


def printed_passages(document: Document) -> tuple[PrintedPassage, ...]:
    """The passages of a letter in their order in Word, without those of pictures."""
    found = []
    for number, met in enumerate(walk(document.blocks(document.layout.in_word))):
        if isinstance(met.block, Figure):
            continue
        for content in contents(met.block):
            text, fields = _fields(content)
            found.append(PrintedPassage(text, fields, met.block.origin, number, met.label))
    return tuple(found)


def _fields(content: tuple[Inline, ...]) -> tuple[str, tuple[str, ...]]:
    """The words of a passage as they are compared, with the placeholder of each character."""
    said: list[tuple[str, str]] = []
    for each in inlines(content):
        if isinstance(each, Text | Gap):
            said += ((c, each.field) for c in each.text)
        elif isinstance(each, Break):
            said.append((" ", ""))
    kept: list[tuple[str, str]] = []
    for character, field in said:
        as_one = as_read(character)
        if as_one:
            kept.append((as_one, field))
        elif character.isspace() and kept and kept[-1][0] != " ":
            kept.append((" ", field))
    if kept and kept[-1][0] == " ":
        kept.pop()
    text = "".join(c for c, _ in kept)
    assert text == as_read(plain(content))  # noqa: S101  (both say what is compared)
    return text, tuple(field for c, field in kept for _ in c)


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of a letter's text: `text` stands where `start` to `end` stood.

    `was` and `now` are the whole words; `first` and `last` count the characters that are no spaces
    of the letter that came back, before the new words and up to their end. `label` is that of the
    first passage put in, if any is.
    """

    start: int
    end: int
    text: str
    was: str
    now: str
    first: int
    last: int
    label: str = ""

    @property
    def key(self) -> tuple[int, int, str]:
        """What the change is known by, whatever became of others before it."""
        return self.first, self.last, self.now

    def made(self, text: str) -> str:
        """The letter's `text` with this change."""
        return text[: self.start] + self.text + text[self.end :]


class _Tokens(NamedTuple):
    """Words and passage ends of a letter, where each stands in its text, and what stands before
    each, spaces not counted.
    """

    words: list[str]
    starts: list[int]
    before: list[int]
    bounds: list[tuple[int, int]]
    """The first token of each passage and the one after its last."""

    @classmethod
    def of(cls, passages: Sequence[str]) -> _Tokens:
        found = [(m[0], m.start()) for m in re.finditer(r"\n|\S+", END.join(passages))]
        tokens = [word for word, _ in found]
        before = [0, *accumulate(len(word) if word != END else 0 for word in tokens)]
        bounds, at = [], 0
        for passage in passages:
            count = len(passage.split())
            bounds.append((at, at + count))
            at += count + 1
        return cls(tokens, [start for _, start in found], before, bounds)


def differences(built: Sequence[PrintedPassage], returned: Sequence[Passage]) -> tuple[Edit, ...]:
    """What people changed in the words of a letter, in reading order.

    Whole passages are compared first, so that a paragraph put in between is one change.
    """
    ours, theirs = [each.text for each in built], [each.text for each in returned]
    old = _Tokens.of(ours)
    new = _Tokens.of(theirs)
    found: list[Edit] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "replace":
            found += _reworded(old, new, _range(old, a, b), _range(new, c, d))
        elif kind == "insert":
            edit = _put_in(old, new, a, (c, d))
            found.append(replace(edit, label=returned[c].label))
        elif kind == "delete":
            found += (_taken_out(old, new, n, c) for n in range(a, b))
    return tuple(found)


def _range(tokens: _Tokens, first: int, last: int) -> tuple[int, int]:
    return tokens.bounds[first][0], tokens.bounds[last - 1][1]


def _reworded(
    old: _Tokens, new: _Tokens, was: tuple[int, int], now: tuple[int, int]
) -> Iterator[Edit]:
    before, after = old.words[slice(*was)], new.words[slice(*now)]
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield _edit(old, new, (was[0] + a, was[0] + b), (now[0] + c, now[0] + d))


def _put_in(old: _Tokens, new: _Tokens, at: int, passages: tuple[int, int]) -> Edit:
    """Passages put in before passage `at`: they bring the end of theirs or of the last along."""
    first, last = _range(new, *passages)
    if at < len(old.bounds):
        spot = old.bounds[at][0]
        return _edit(old, new, (spot, spot), (first, last + 1))
    return _edit(old, new, (len(old.words),) * 2, (first - 1, last))


def _taken_out(old: _Tokens, new: _Tokens, n: int, at: int) -> Edit:
    first, last = old.bounds[n]
    spot = new.bounds[at][0] if at < len(new.bounds) else len(new.words)
    if n + 1 < len(old.bounds):
        return _edit(old, new, (first, last + 1), (spot, spot))
    return _edit(old, new, (first - 1, last), (spot, spot))


def _edit(old: _Tokens, new: _Tokens, was: tuple[int, int], now: tuple[int, int]) -> Edit:
    """The change of some tokens, as small as it can be said in the letter's text."""
    (a, b), (c, d) = was, now
    before, after = old.words[max(a - 1, 0) : a], old.words[b : b + 1]
    gone, come = old.words[a:b], new.words[c:d]
    here, there = _joined([*before, *gone, *after]), _joined([*before, *come, *after])
    at = old.starts[max(a - 1, 0)] if old.starts else 0
    if a and a == len(old.words):
        at = old.starts[a - 1]
    head, tail = common_ends(here, there)
    return Edit(
        at + head,
        at + len(here) - tail,
        there[head : len(there) - tail],
        _joined(gone).strip(),
        _joined(come).strip(),
        new.before[c],
        new.before[d],
    )


def _joined(words: Sequence[str]) -> str:
    return re.sub(r" ?\n ?", END, " ".join(words))


def split_by_source(edits: Sequence[Edit], built: Sequence[PrintedPassage]) -> Iterator[Edit]:
    """The same changes, those of several words that come from several sources word by word."""
    fields = [field for piece in built for field in (*piece.fields, END)]
    text = END.join(piece.text for piece in built)
    for edit in edits:
        was, now = edit.was.split(), edit.now.split()
        is_one = len({*fields[edit.start : edit.end]}) < 2 or END in edit.was + edit.now
        if is_one or len(was) != len(now):
            yield edit
            continue
        at, first = text.rfind(was[0], 0, edit.start + len(was[0])), edit.first
        for one, other in zip(was, now, strict=True):
            at = text.index(one, at)
            if one != other:
                yield Edit(at, at + len(one), other, one, other, first, first + len(other))
            at, first = at + len(one), first + len(other)
