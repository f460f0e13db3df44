"""The quantities and names of a sentence, read with the grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise

from letters.gate.grammar import (
    AFTER,
    AVERAGED,
    DEGREE,
    ELSEWHERE,
    EXCEPTION_WORDS,
    EXCEPTIONS,
    HEDGES,
    MEASURED,
    MEASURED_NOTHING,
    NOTHING,
    READ,
    STRICT,
    TIMES,
    VAGUE,
    VAGUE_AFTER,
    VAGUE_HEDGES,
    PatternTable,
)
from letters.gate.numerals import NUMBERS, Named, Token, TokenKind, tokens
from letters.gate.patterns import Captured, TokenText, endings, is_other_base, longest, other_noun
from letters.gate.quantities import Quantity, Relation, Sort
from letters.model import Nouns


def _rows(*patterns: str, **facts: object) -> PatternTable:
    return PatternTable([(lambda _: replace(Quantity("", 0, 0), **facts), patterns)])  # type: ignore[arg-type]


def _quantity_of_time(captured: Captured) -> Quantity:
    return Quantity("", 0, 0, number=captured[0][0].value)


_NOTHING = _rows(*NOTHING)
_ELSEWHERE = _rows(*ELSEWHERE, is_elsewhere=True)
_VAGUE = _rows(*VAGUE, sort=Sort.VAGUE)
_VAGUE_HEDGES = _rows(*VAGUE_HEDGES)
_READ = PatternTable((*READ, (_quantity_of_time, AVERAGED)))
_MEASURED = PatternTable(MEASURED)
_MEASURED_NOTHING = _rows(*MEASURED_NOTHING)
_EXCEPTIONS = PatternTable(EXCEPTIONS)
_HEDGES = PatternTable(
    [(lambda _, r=r: Quantity("", 0, 0, relation=r), rows) for r, rows in HEDGES]  # type: ignore[misc]
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a text says: its quantities in reading order, and the names it counts and leaves out."""

    quantities: tuple[Quantity, ...]
    counted: tuple[Token, ...]
    left_out: tuple[Token, ...]
    tokens: tuple[Token, ...]

    @property
    def main(self) -> tuple[Quantity, ...]:
        """The quantities that state a fact of their own."""
        return tuple(each for each in self.quantities if not each.is_again)


_MONEY = str.maketrans("£$€", "   ")


_AT_ALL = re.compile(r"(?<=[A-Za-z]) at all\b", re.IGNORECASE)
"""No number, though it holds "all": "none at all"."""


@lru_cache(maxsize=4096)
def read_sentence(
    text: str, nouns: Nouns, names: tuple[Named, ...] = (), *, is_measured: bool = False
) -> Sentence:
    """Read a text, folded as names are compared; `names` are where it names forces.

    Dates, years, times, spans of time, sums of money and numbers of pages say no quantity. A number
    that no row of the grammar takes is there as UNREADABLE: none is passed over. Where a number
    field `is_measured`, sums of money and spans of time say one too.
    """
    text = _AT_ALL.sub(lambda said: " " * len(said[0]), text)
    found = tokens(text.translate(_MONEY) if is_measured else text, names)
    words = TokenText(found, heads(nouns) | {"them", "those"})
    tables = (_MEASURED, _MEASURED_NOTHING) if is_measured else (_READ, _NOTHING)
    reader = _SentenceReader(text, words, *tables)
    quantities = tuple(reader.read())
    left_out = frozenset(_left_out(text, found)) | reader.excepted
    counted = (each for each in found if each.kind is TokenKind.NAME and each not in left_out)
    return Sentence(quantities, tuple(counted), tuple(sorted(left_out, key=_start)), found)


def heads(nouns: Nouns) -> frozenset[str]:
    """The words by which what a round assesses is known: the last of each noun."""
    return frozenset(each.replace("_", " ").lower().split()[-1] for each in (nouns.one, nouns.many))


def _start(token: Token) -> int:
    return token.start


class _SentenceReader:
    """One text being read, token by token."""

    def __init__(
        self, text: str, words: TokenText, read: PatternTable, nothing: PatternTable
    ) -> None:
        self._text, self._words = text, words
        self._read, self._nothing = read, nothing
        self._tokens = words.tokens
        self.excepted: frozenset[Token] = frozenset()

    def read(self) -> Iterator[Quantity]:
        """Its quantities."""
        facts, exceptions = [], []
        at = 0
        while at < len(self._tokens):
            end, said = self._at(at)
            outer, exception = _EXCEPTIONS.longest(self._words, at)
            if exception and outer > end:
                end = outer
                exceptions.append(self._placed(exception, at, end))
            elif said:
                facts.append(said)
            at = max(end, at + 1)
        facts = _with_base(facts, self._text)
        facts = _with_exceptions(facts, exceptions)
        facts = [self._with_names(self._compared(each)) for each in facts]
        self.excepted = self._named_in(facts)
        facts = [*facts, *self._lost_exceptions(facts, exceptions)]
        yield from _told_again(sorted(facts, key=lambda each: each.start), self._text)

    def _at(self, at: int) -> tuple[int, Quantity | None]:
        """Where what begins at a token ends, and the quantity it is, if it is one."""
        best, said = self._measured(at)
        for table, wins_tie in ((_VAGUE, False), (self._nothing, True), (_ELSEWHERE, True)):
            end, found = table.longest(self._words, at)
            if found and (end > best or (wins_tie and end == best)):
                is_said = table is not self._nothing
                best, said = end, self._placed(found, at, end) if is_said else None
        if said is None and best == at and self._tokens[at].kind in NUMBERS:
            return at + 1, self._placed(Quantity("", 0, 0, Sort.UNREADABLE), at, at + 1)
        return best, said

    def _placed(self, said: Quantity, at: int, end: int) -> Quantity:
        start, stop = self._tokens[at].start, self._tokens[end - 1].end
        return replace(said, words=self._text[start:stop], start=start, end=stop)

    def _measured(self, at: int) -> tuple[int, Quantity | None]:
        """A number with what is before and after it: 'at least', 'or more', 'of the 43'."""
        plain_end, plain = self._core(at)
        end, said = self._hedged(at)
        if plain and plain_end >= end:
            end, said = plain_end, plain
        if said is None:
            return at, None
        if said.is_number:
            end, said = self._bounded(end, said)
            end, said = self._of_whole(end, said)
        before = self._words.word(at - 1)
        is_so_far = before == "far" and self._words.word(at - 2) == "so"
        if (
            said.is_number
            and not is_so_far
            and (before in DEGREE or (end > plain_end and self._is_degree(before)))
        ):
            return end, self._placed(replace(said, sort=Sort.VAGUE), at - 1, end)
        if said.is_number and before in ("not", "never", "nor"):
            return end, self._placed(replace(said, sort=Sort.UNREADABLE), at - 1, end)
        return end, self._counted(at, end, self._placed(said, at, end))

    def _is_degree(self, word: str) -> bool:
        """Whether a word may say how much more or less: 'substantially more than half'."""
        return word.endswith("ly") and word not in TIMES

    def _core(self, at: int) -> tuple[int, Quantity | None]:
        if at >= len(self._tokens):
            return at, None
        end, said = self._read.longest(self._words, at)
        passed = self._nothing.longest(self._words, at)[0]
        return (end, said) if end > passed else (at, None)

    def _hedged(self, at: int) -> tuple[int, Quantity | None]:
        vague = _VAGUE_HEDGES.longest(self._words, at)[0]
        if vague > at and (core := self._core(vague))[1]:
            return core[0], Quantity("", 0, 0, Sort.VAGUE)
        after, hedge = _HEDGES.longest(self._words, at)
        if hedge is None:
            return at, None
        is_strict = self._words.word(at) in STRICT
        end, said = self._core(after)
        if said is None and self._words.word(after) in ("the", "a", "an"):
            end, said = self._core(after + 1)
        if said is None and hedge.relation is Relation.EXACTLY and not is_strict:
            return self._hedged(after) if after < len(self._tokens) else (at, None)
        if said is None:
            return self._hedged_twice(after)
        return end, _with_relation(said, hedge.relation, is_strict)

    def _hedged_twice(self, at: int) -> tuple[int, Quantity | None]:
        """'more than about 20': a hedge before a hedge cannot be read."""
        for start in range(at, min(at + 3, len(self._tokens))):
            end, said = self._hedged(start)
            if said:
                return end, Quantity("", 0, 0, Sort.UNREADABLE)
            if self._words.word(start) not in (",", "and", "perhaps", "even", "including"):
                break
        return at, None

    def _bounded(self, end: int, said: Quantity) -> tuple[int, Quantity]:
        """With a bound that follows the number, or the noun after it."""
        what = ("of? PRE NOUN", "W", "W W") if self._read is _MEASURED else ("of? PRE NOUN",)
        nouns = (each for pattern in what for each in endings(self._words, end, pattern))
        for start in (end, *(stop for stop, _ in nouns)):
            if (stop := longest(self._words, start, VAGUE_AFTER)) > start:
                return stop, replace(said, sort=Sort.VAGUE)
            for relation, patterns in AFTER:
                stop = longest(self._words, start, patterns)
                if stop > start:
                    is_strict = self._words.word(start) in STRICT
                    return stop, _with_relation(said, relation, is_strict)
        return end, said

    def _of_whole(self, end: int, said: Quantity) -> tuple[int, Quantity]:
        """With the total it is part of."""
        if said.whole is None and (stop := longest(self._words, end, ("of|in ALL",))) > end:
            return stop, said
        if said.whole is None:
            for stop, captured in endings(self._words, end, "NOUN? ,? of PRE N !PCT")[:1]:
                return stop, replace(said, whole=int(captured[0][0].value))
        return end, said

    def _counted(self, at: int, end: int, said: Quantity) -> Quantity:
        """As a number of others, where the noun it counts is none of the round's: '17 crimes'."""
        is_counted = any(self._words.word(n) in self._words.nouns for n in range(at, end))
        if self._read is _MEASURED or is_counted or not said.is_number or said.left_out is not None:
            return said
        is_one = said.sort is Sort.COUNT and said.number <= 1
        stop = 0 if is_one else other_noun(self._words, at, end, is_share=said.is_share)
        if stop:
            words = self._text[said.start : self._tokens[stop - 1].end]
            return replace(said, words=words, is_of_others=True)
        return replace(said, is_of_others=is_other_base(self._words, at))

    def _compared(self, said: Quantity) -> Quantity:
        """'Six more forces began than last year' counts nobody of this round."""
        after = [token.text for token in self._tokens if token.start >= said.start]
        is_more = "than" in after and {*after[1:3]} & {"more", "fewer", "less"}
        is_plain = said.relation is Relation.EXACTLY and said.sort is Sort.COUNT
        return replace(said, sort=Sort.UNREADABLE) if is_more and is_plain else said

    def _with_names(self, said: Quantity) -> Quantity:
        """'All forces but one, X' leaves X out; of other names it is not known what they mean."""
        names = [token for token in self._tokens if token.kind is TokenKind.NAME]
        if said.left_out is None or said.excluded or not names:
            return said
        first = next((token for token in names if token.start >= said.end), None)
        if first is None or not re.fullmatch(r"[ ,(:–]*", self._text[said.end : first.start]):
            return replace(said, sort=Sort.UNREADABLE)
        return replace(said, excluded=tuple(token.forces for token in names))

    def _named_in(self, facts: list[Quantity]) -> frozenset[Token]:
        excluded = {forces for each in facts for forces in each.excluded}
        return frozenset(each for each in self._tokens if each.forces in excluded)

    def _lost_exceptions(
        self, facts: list[Quantity], exceptions: list[Quantity]
    ) -> Iterator[Quantity]:
        """Words of exception that no row took, beside a number; so nobody knows what they mean."""
        for n, token in enumerate(self._tokens):
            is_taken = any(q.start <= token.start < q.end for q in (*facts, *exceptions))
            is_without = self._words.word(n - 1) == "without"
            if facts and token.text in EXCEPTION_WORDS and not (is_taken or is_without):
                yield self._placed(Quantity("", 0, 0, Sort.UNREADABLE), n, n + 1)


def _with_relation(said: Quantity, relation: Relation, is_strict: bool) -> Quantity:
    """A number with its hedge; unreadable where it has another one already, or can have none."""
    if relation is Relation.EXACTLY:
        return replace(said, is_strict=is_strict)
    is_none = said.sort is Sort.COUNT and not said.number
    if said.relation is not Relation.EXACTLY or said.left_out is not None or is_none:
        return Quantity("", 0, 0, Sort.UNREADABLE)
    return replace(said, relation=relation)


_BASE = re.compile(
    r"(?:^|[.;:,–(] ?)(?:out of|of|from|among|amongst) (?:the |our |the total of )?$", re.IGNORECASE
)
"""What is before the number of all, where a sentence begins with it: "Of the 43 forces, …"."""


_ALL_SEEN = re.compile(
    r"(?:inspected|visited|assessed|examined|surveyed|reviewed|asked|wrote to|looked at) $",
    re.IGNORECASE,
)
"""What is before the number of all in "We inspected all 43 forces and found that 17 …"."""
_FOUND = re.compile(r",|\band (?:we )?(?:found|saw|established|concluded|judged|graded|learnt) ")
"""What is between that number and the one found among them."""


def _with_base(facts: list[Quantity], text: str) -> list[Quantity]:
    """'Of the 43 forces inspected, 38 were …' is one quantity."""
    kept: list[Quantity] = []
    for said in facts:
        base = kept[-1] if kept else None
        if (
            base
            and _is_base(base, text)
            and said.whole is None
            and _FOUND.search(text[base.end : said.start])
        ):
            whole = base.whole if base.is_share else int(base.number)
            kept[-1] = replace(said, whole=whole)
        else:
            kept.append(said)
    return kept


def _is_base(said: Quantity, text: str) -> bool:
    is_plain = said.relation is Relation.EXACTLY and said.left_out is None
    is_number = said.sort is Sort.COUNT or (said.sort is Sort.SHARE and said.whole)
    before = text[: said.start]
    is_named = _BASE.search(before) or (said.is_share and _ALL_SEEN.search(before))
    return bool(is_plain and is_number and is_named)


def _with_exceptions(facts: list[Quantity], exceptions: list[Quantity]) -> list[Quantity]:
    """With 'all' less those excepted; an exception to any other number cannot be read."""
    for exception in exceptions:
        for n, said in enumerate(facts):
            if _takes(said):
                facts[n] = _less(said, exception)
                break
        else:
            facts = [*facts, replace(exception, sort=Sort.UNREADABLE)] if facts else facts
    return facts


def _takes(said: Quantity) -> bool:
    is_all = said.sort is Sort.SHARE and said.number == 1
    is_none = said.sort is Sort.COUNT and said.number == 0
    is_plain = said.relation is Relation.EXACTLY and said.left_out is None
    return (is_all or is_none) and is_plain


def _less(said: Quantity, exception: Quantity) -> Quantity:
    first, last = sorted((said, exception), key=lambda each: each.start)
    at = {"start": first.start, "end": last.end, "words": f"{first.words} … {last.words}"}
    if said.is_share:
        both = replace(said, left_out=exception.left_out, excluded=exception.excluded)
    else:
        both = replace(said, number=Fraction(exception.left_out or 0))
    return replace(both, **at)  # type: ignore[arg-type]


_OPENS = re.compile(r"[^.;:()]{0,80}\(")
_CLOSES = re.compile(r"(?: (?:of )?(?:the )?(?:[\w-]+ ){0,2}[\w-]+)?\)")
_BY_DASH = re.compile(r"[^.;:,()–]{0,60}[–—] ?")
_BY_COMMA = re.compile(r"(?: [\w-]+){0,5}, ")
_IN_ALL = re.compile(r" (?:in all|in total|altogether)$")
_OR = re.compile(r"(?: [\w-]+){0,4},? (?:or|that is,?|i\.e\.,?) ")


def _told_again(facts: list[Quantity], text: str) -> Iterator[Quantity]:
    """With what is said again of the same fact marked so: '35% (15)', 'more than half (22)'."""
    yield from facts[:1]
    for before, said in pairwise(facts):
        gap, after = text[before.end : said.start], text[said.end :]
        in_brackets = _OPENS.fullmatch(gap) and _CLOSES.match(after)
        in_dashes = _BY_DASH.fullmatch(gap) and re.match(r" ?[–—]", after)
        is_other_unit = before.is_share != said.is_share
        with_or = _OR.fullmatch(gap) and is_other_unit and re.match(r",| of | \w+,", after)
        is_same = said.relation is Relation.EXACTLY or before.relation is said.relation
        is_plain = is_same or (is_other_unit and said.is_share)
        is_again = said.is_number and before.is_number and not said.is_elsewhere and is_plain
        in_all = _BY_COMMA.fullmatch(gap) and is_other_unit and _IN_ALL.search(said.words)
        again = bool(is_again and (in_brackets or in_dashes or with_or or in_all))
        yield replace(said, is_again=again, is_elsewhere=said.is_elsewhere)


_TAKEN_OUT = re.compile(
    r"\b(?:not|not even|in contrast to|contrary to|as opposed to|unlike|nor|neither|without) $",
    re.IGNORECASE,
)
"""Words before a name that is not among those counted: "five forces, not Kent, …"."""
_JOINS = re.compile(r",? ?(?:and |or |nor )?")


def _left_out(text: str, found: tuple[Token, ...]) -> Iterator[Token]:
    """Names that a sentence says are not among those it counts: 'but not', 'unlike'."""
    before, is_out = 0, False
    for token in (each for each in found if each.kind is TokenKind.NAME):
        joined = is_out and before and _JOINS.fullmatch(text[before : token.start])
        is_out = bool(joined) or bool(_TAKEN_OUT.search(text[: token.start]))
        before = token.end
        if is_out:
            yield token
