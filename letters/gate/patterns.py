"""Patterns over tokens: what a row of the grammar matches, and how.

A pattern is a line of elements, each a word or sign as it is, or one of these in capitals: a kind
of token (N whole number, D decimal, F fraction, W word, X number that cannot be read), NOUN (what
the round assesses, after up to six words), NAMES (one name or more), DAY and YEAR (numbers of a
date), VERB, END (of the text or clause), or a name of `GROUPS`. `a|b` is either, `x?` perhaps, `>x`
is looked ahead for and `!x` must not follow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from letters.gate.numerals import FUNCTION_WORDS, ORDINALS, Token, TokenKind
from letters.project.values import MONTHS

_TIMES = "second minute hour day week fortnight month quarter year decade"
_REFERENCES = (
    "page|pages|paragraph|paragraphs|section|sections|recommendation|recommendations|figure|"
    "figures|table|tables|chapter|chapters|annex|annexe|appendix|tranche|phase|version|step|"
    "question|questions|round|stage|level|box|article|schedule|volume|issue"
)
GROUPS: Mapping[str, tuple[str, ...]] = {
    "PCT": ("%", "percent|pc", "per cent"),
    "TIME": ("|".join(f"{one}|{one}s" for one in _TIMES.split()),),
    "REF": (_REFERENCES,),
    "ORD": (f"{'|'.join(ORDINALS)}|last|next|previous|latest|final|opening|latter|other",),
    "NTH": (f"{'|'.join(ORDINALS)}|other",),
    "PRE": ("all? the|our|those|these?", "a|the total of"),
    "ALL": (
        "all of? PRE NOUN", "every|each single|last? NOUN", "each and every NOUN",
        "every|each one of PRE NOUN", "all !is|was|has >VERB", "each >VERB", "all of them",
    ),
    "ALLN": ("all of? PRE N NOUN?", "every|each one of PRE N NOUN?"),
    "EXCEPT": (
        "except for|in|at?", "apart|aside from", "other than", "excluding|excepting|barring",
        "with the single|sole|only|notable? exception|exceptions of", "leaving|setting aside",
        "not counting|including", "save for",
    ),
    "CLOSE": ("but|bar|save", "except for|in|at?", "apart|aside from", "other than", "save for"),
    "WHOM": (">NOUN", "of PRE NOUN", "of them", ">VERB", ">END"),
    "CHANGED": (
        "rose|risen|rises|rise|rising|fell|fallen|falls|fall|falling|increased|increase|increasing|"
        "grew|grown|growing|dropped|drop|declined|decreased|decrease|improved|went|gone|moved|up|down",
    ),
    "AMOUNT": ("N|D|F", "N|D PCT", "N NOUN"),
    "BEFORE": (
        "in YEAR", "in MONTH YEAR?", "in MONTH|PASSED", "last|previous TIME", "the previous TIME",
        "a|the TIME ago|earlier|before", "N TIME ago|earlier|before",
        "in|at|during the previous|last TIME",
    ),
    "BIG": (
        "vast|overwhelming|large|great|significant|small|tiny|substantial|sizeable|clear|huge|"
        "considerable|good|healthy|strong|big|growing|increasing|limited|high|low",
    ),
}  # fmt: skip
_AUXILIARIES = frozenset(
    "had have has were was are is did do does still now already could would should will may might "  # noqa: SIM905
    "can cannot also lacked kept began met gave took sent came went held knew found left lost put "
    "saw set wrote ran led paid built".split()
)
_AFTER_VERB = FUNCTION_WORDS | {"the", "a", "an", "their", "its", "our", "no", "all", "us", "this"}
_KINDS = {
    "N": TokenKind.WHOLE,
    "D": TokenKind.DECIMAL,
    "F": TokenKind.FRACTION,
    "W": TokenKind.WORD,
}
_KINDS |= {"X": TokenKind.UNREADABLE, "PASSED": TokenKind.PASSED}
_NO_GAP = FUNCTION_WORDS - {"of", "and"} | {
    *ORDINALS, "other", "others", "more", "fewer", "few", "several", "many", "most", "except",
    "bar", "odd", "plus", "second", "all", "every", "each", "both", "than",
}  # fmt: skip

Captured = tuple[tuple[Token, ...], ...]
"""What the numbers and names of a pattern matched: one token for a number, all for NAMES."""
Ending = tuple[int, Captured]


@dataclass(frozen=True, slots=True)
class TokenText:
    """Tokens to be matched, and the nouns (in lower case) of what a round assesses."""

    tokens: Sequence[Token]
    nouns: Collection[str]

    def word(self, at: int) -> str:
        """The word or sign at a place; empty for what is neither."""
        if not 0 <= at < len(self.tokens):
            return ""
        token = self.tokens[at]
        return token.text if token.kind in (TokenKind.WORD, TokenKind.SIGN) else ""


@dataclass(frozen=True, slots=True)
class _Element:
    names: tuple[str, ...]
    is_optional: bool = False
    ahead: str = ""


@cache
def _elements(pattern: str) -> tuple[_Element, ...]:
    return tuple(map(_element, pattern.split()))


def _element(text: str) -> _Element:
    ahead = text[0] if text[0] in ">!" and len(text) > 1 else ""
    text = text.removeprefix(ahead)
    is_optional = text.endswith("?") and len(text) > 1
    return _Element(
        tuple(text.removesuffix("?" if is_optional else "").split("|")), is_optional, ahead
    )


def endings(text: TokenText, at: int, pattern: str) -> list[Ending]:
    """Where a pattern that begins at a token may end, the longest first, with what it captured."""
    return sorted(_after(text, at, _elements(pattern)), key=lambda ending: -ending[0])


def longest(text: TokenText, at: int, patterns: Iterable[str]) -> int:
    """Where the longest of several patterns ends; `at` where none fits."""
    found = (endings(text, at, each) for each in patterns)
    return max((each[0][0] for each in found if each), default=at)


def _after(text: TokenText, at: int, elements: tuple[_Element, ...]) -> Iterator[Ending]:
    if not elements:
        yield at, ()
        return
    first, rest = elements[0], elements[1:]
    matched = [found for name in first.names for found in _one(text, at, name)]
    if first.ahead:
        if bool(matched) == (first.ahead == ">"):
            yield from _after(text, at, rest)
        return
    for end, captured in matched:
        yield from ((stop, captured + more) for stop, more in _after(text, end, rest))
    if first.is_optional:
        yield from _after(text, at, rest)


def _one(text: TokenText, at: int, name: str) -> Iterator[Ending]:
    """Where one element may end."""
    if name in GROUPS:
        for pattern in GROUPS[name]:
            yield from _after(text, at, _elements(pattern))
    elif name in _SPECIAL:
        yield from _SPECIAL[name](text, at)
    elif at >= len(text.tokens):
        return
    elif kind := _KINDS.get(name):
        if text.tokens[at].kind is kind:
            yield at + 1, ((text.tokens[at],),) if name in "NDF" else ()
    elif text.tokens[at].text == name:
        yield at + 1, ()


def _noun(text: TokenText, at: int) -> Iterator[Ending]:
    for end in range(at, min(at + 7, len(text.tokens))):
        word = text.word(end)
        if word.removesuffix("'s") in text.nouns:
            yield end + 1, ()
            return
        is_word = word.replace("'", "").isalpha() and word not in _NO_GAP
        is_gap = is_word or word in ("-", "&")
        if not is_gap or (word == "of" and end > at) or (word == "and" and end == at):
            return


def _names(text: TokenText, at: int) -> Iterator[Ending]:
    """One name or more: 'X', 'X and Y', 'X, Y and Z'."""
    found: list[Token] = []
    while at < len(text.tokens) and text.tokens[at].kind is TokenKind.NAME:
        found.append(text.tokens[at])
        at += 1
        after = at
        while text.word(after) in (",", "and", "or", "nor"):
            after += 1
        if after > at and after < len(text.tokens) and text.tokens[after].kind is TokenKind.NAME:
            at = after
    if found:
        yield at, (tuple(found),)


def _number_of_date(text: TokenText, at: int, low: int, high: int) -> Iterator[Ending]:
    if at < len(text.tokens):
        token = text.tokens[at]
        if token.kind is TokenKind.WHOLE and low <= token.value <= high and token.text.isdigit():
            yield at + 1, ()


def _month(text: TokenText, at: int) -> Iterator[Ending]:
    is_month = text.word(at).capitalize() in MONTHS and text.tokens[at].is_capital
    yield from [(at + 1, ())] * is_month


def _verb(text: TokenText, at: int) -> Iterator[Ending]:
    """A verb whose subject is what was before it: 'had', 'responded'; not 'trained staff'."""
    word, after = text.word(at), text.word(at + 1)
    is_past = word.endswith("ed") and (after in _AFTER_VERB or any(_end(text, at + 1)))
    yield from [(at + 1, ())] * (word in _AUXILIARIES or is_past)


def _end(text: TokenText, at: int) -> Iterator[Ending]:
    is_end = at >= len(text.tokens) or text.tokens[at].kind is TokenKind.SIGN
    yield from [(at, ())] * is_end


_SPECIAL: Mapping[str, Callable[[TokenText, int], Iterator[Ending]]] = {
    "NOUN": _noun,
    "NAMES": _names,
    "DAY": lambda text, at: _number_of_date(text, at, 1, 31),
    "YEAR": lambda text, at: _number_of_date(text, at, 1900, 2099),
    "MONTH": _month,
    "VERB": _verb,
    "END": _end,
}


_ONE_EACH = frozenset(
    "plan report letter response reply return grade grading judgement judgment assessment outcome "  # noqa: SIM905
    "submission policy strategy inspection investigation area place website constabulary "
    "service body organisation organization agency authority department constable "
    "commissioner leader executive board example other one council college trust provider "
    "chief".split()
)
"""What is of one body each, or may be another word for one: '17 plans', '17 agencies'."""
_MASS = frozenset("staff people personnel men women children workforce police public".split())  # noqa: SIM905
"""What is many without an s."""
_NO_PLURAL = frozenset(
    "was is has does this us plus thus always perhaps towards besides sometimes afterwards less "  # noqa: SIM905
    "across as its his yes regards regardless overseas nevertheless nonetheless themselves "
    "ourselves hers theirs ours whereas unless previous serious various famous obvious continuous "
    "anonymous cautious conscious religious ambitious suspicious precious dangerous numerous "
    "indoors outdoors upwards downwards backwards forwards access process progress business "
    "success address stress illness witness".split()
)
"""Words in s that are no plural."""
_DETERMINERS = frozenset("the these those all our their its your his her any".split())  # noqa: SIM905
_MOST_BEFORE_NOUN = 4
"""Words that may stand before a noun: 'fifteen newly trained control room operators'."""


def other_noun(text: TokenText, start: int, end: int, *, is_share: bool) -> int:
    """Where the noun ends that a number from `start` to `end` counts, if it is none of the round's;
    0 where it is, or cannot be told.

    A share counts what follows 'of'. 'Seventeen recorded crimes' may go on with 'were', or with
    'accurately', and only the first counts crimes.
    """
    at = end + (text.word(end) == "of")
    if is_share and at == end and text.word(at) not in _DETERMINERS:
        return 0
    while text.word(at) in _DETERMINERS:
        at += 1
    own = _own_nouns(text) | ({"case", "instance"} if text.word(start - 1) == "in" else set())
    for noun in range(at, at + _MOST_BEFORE_NOUN + 1):
        word, after = text.word(noun), text.word(noun + 1)
        if not word.replace("'", "").isalpha() or word in _NO_NOUN or _one_of(word, own):
            return 0
        if _is_plural(word) and not (_is_plural(after) and after not in _AUXILIARIES):
            return 0 if noun > at and _is_object(text, start, noun) else noun + 1
    return 0


def is_other_base(text: TokenText, start: int) -> bool:
    """Whether what is before a number says that it is a part of others: 'of these officers, 17'."""
    if text.word(start - 1) != ",":
        return False
    first = start - 2
    while text.word(first) and text.word(first) not in ("of", "among", "from", ",", ";", "."):
        first -= 1
    opens = text.word(first - 1 - (text.word(first - 1) == "out")) in _GOES_BEFORE
    if not opens or text.word(first + 1) not in _DETERMINERS:
        return False
    words = [text.word(n) for n in range(first + 2, start - 1)]
    own = _own_nouns(text)
    return any(map(_is_plural, words)) and not any(_one_of(word, own) for word in words)


def _own_nouns(text: TokenText) -> frozenset[str]:
    """The nouns of what the round assesses, and of what is of one body each."""
    return _ONE_EACH.union(text.nouns)


_NO_NOUN = FUNCTION_WORDS | _DETERMINERS | _AUXILIARIES


def _one_of(word: str, nouns: Collection[str]) -> bool:
    """Whether a word is one of some nouns, in the singular or the plural."""
    one = word.removesuffix("s")
    return any(each in nouns for each in (word, one, one.removesuffix("e"), f"{one[:-2]}y"))


def _is_plural(word: str) -> bool:
    is_in_s = word.endswith("s") and not word.endswith(("ss", "us", "is", "ly"))
    return word in _MASS or (len(word) > 3 and is_in_s and word not in _NO_PLURAL)


_GOES_BEFORE = frozenset(("", ",", ";", ":", "and", "but", "that", "then", "–", "-", "("))


def _is_object(text: TokenText, start: int, noun: int) -> bool:
    """Whether a word before a noun is the verb of a number: 'seventeen keep officers informed'.

    It is where the number begins a clause in which no other verb follows.
    """
    if text.word(start - 1) not in _GOES_BEFORE:
        return False
    after = (n for n in range(noun + 1, len(text.tokens)) if text.tokens[n].kind is TokenKind.WORD)
    return not any(any(_verb(text, n)) or text.word(n) in ("who", "told") for n in after)


@cache
def starts(pattern: str) -> frozenset[str]:
    """What a token must be for a pattern to begin with it: words, kinds, or '*' for anything."""
    found: set[str] = set()
    for element in _elements(pattern):
        for name in element.names:
            found |= _first(name)
        if not (element.is_optional or element.ahead):
            break
    return frozenset(found)


def _first(name: str) -> frozenset[str]:
    if name in GROUPS:
        return frozenset().union(*map(starts, GROUPS[name]))
    if name == "NAMES":
        return frozenset((TokenKind.NAME.value,))
    if name in ("DAY", "YEAR"):
        return frozenset((TokenKind.WHOLE.value,))
    if name == "MONTH":
        return frozenset(month.lower() for month in MONTHS)
    if name in ("NOUN", "VERB", "END"):
        return frozenset("*")
    return frozenset((_KINDS[name].value if name in _KINDS else name,))
