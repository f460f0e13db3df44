"""The numbers a sentence states, read from its own words."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from letters.gate.report import folded
from letters.model import Nouns
from letters.project.dates import MONTHS

UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
)  # fmt: skip

_VALUES = {word: n for n, word in enumerate(UNITS)} | {
    word: 10 * n for n, word in enumerate(TENS, start=2)
}
_SMALL = rf"(?:(?:{'|'.join(TENS)})(?:[-\s](?:{'|'.join(UNITS[1:10])})\b)?|(?:{'|'.join(UNITS)}))\b"
_WORDS = rf"(?:(?:a|{'|'.join(UNITS[1:10])})\s+hundred\b(?:\s+and\s+{_SMALL})?|{_SMALL})"
_FIGURES = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?![\d\w])"
_LARGER = r"[-\s]*(?:dozen|score|hundred|thousand|million|billion)\b"
_COMPOUND = rf"-[a-z]|[.,:/]?\d|[-\s](?:{'|'.join(ORDINALS)})\b"

CARDINAL = rf"(?<![\w.,:/£$€~–—-])(?>{_WORDS}|{_FIGURES})(?!{_LARGER}|{_COMPOUND})"
"""A pattern (for folded text, in any case) of a number: `17`, `1,204`, `seventeen`, `forty-three`,
`one hundred and four`; of nothing that is part of another word or number."""


def whole_number(words: str) -> int:
    """The number that `words`, which fit CARDINAL, say.

    >>> whole_number("one hundred and forty-three")
    143
    """
    text = words.casefold()
    if text[0].isdigit():
        return int(text.replace(",", ""))
    hundreds, _, rest = text.rpartition("hundred")
    count = 0 if not hundreds else 1 if hundreds.strip() == "a" else _VALUES[hundreds.strip()]
    return 100 * count + sum(_VALUES.get(word, 0) for word in re.split(r"[-\s]+", rest))


def in_words(number: int) -> str:
    """`number` (0 to 99) in words; larger ones in figures, as reports print them.

    >>> in_words(43), in_words(1204)
    ('forty-three', '1,204')
    """
    if not 0 <= number <= 99:
        return f"{number:,}"
    if number < 20:
        return UNITS[number]
    tens, unit = divmod(number, 10)
    return TENS[tens - 2] + (f"-{UNITS[unit]}" if unit else "")


SLACK = Fraction(2, 100)
"""How far a fraction in words, or a number called 'about', may be off: two percentage points."""


class Relation(StrEnum):
    """How a number stands to what it counts."""

    EXACTLY = "exactly"
    MORE = "more than"
    LESS = "less than"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    NEARLY = "nearly"
    JUST_OVER = "just over"
    ABOUT = "about"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a sentence states it.

    `words` are those of the sentence. `number` is a count, or a share (1 is all) where `is_share`;
    `tolerance` is how far a share may be off and still be told so. `whole` is the number of those
    it is said to be part of ("17 of the 43 forces"), where the sentence names it.
    """

    words: str
    number: Fraction
    is_share: bool = False
    relation: Relation = Relation.EXACTLY
    tolerance: Fraction = Fraction(0)
    whole: int | None = None

    def holds(self, count: int, whole: int) -> bool:
        """Whether `count` out of `whole` is what the sentence says."""
        if self.is_share and not whole:
            return False
        actual = Fraction(count, whole) if self.is_share else Fraction(count)
        slack = SLACK if self.is_share else SLACK * whole
        return _HOLDS[self.relation](actual - self.number, slack, self.tolerance)


_HOLDS: Mapping[Relation, Callable[[Fraction, Fraction, Fraction], bool]] = {
    Relation.EXACTLY: lambda off, _, tolerance: abs(off) <= tolerance,
    Relation.MORE: lambda off, _slack, _tolerance: off > 0,
    Relation.LESS: lambda off, _slack, _tolerance: off < 0,
    Relation.AT_LEAST: lambda off, _slack, _tolerance: off >= 0,
    Relation.AT_MOST: lambda off, _slack, _tolerance: off <= 0,
    Relation.NEARLY: lambda off, slack, _: -slack <= off < 0,
    Relation.JUST_OVER: lambda off, slack, _: 0 < off <= slack,
    Relation.ABOUT: lambda off, slack, _: abs(off) <= slack,
}

_HEDGES: Mapping[Relation, tuple[str, ...]] = {
    Relation.EXACTLY: ("only", "just", "exactly", "precisely", "a total of"),
    Relation.MORE: ("more than", "over", "above", "in excess of", "upwards of"),
    Relation.LESS: ("fewer than", "less than", "under", "below"),
    Relation.AT_LEAST: ("at least", "no fewer than", "no less than", "not fewer than"),
    Relation.AT_MOST: ("at most", "no more than", "not more than", "up to"),
    Relation.NEARLY: ("nearly", "almost", "just under", "just below", "close to", "just short of"),
    Relation.JUST_OVER: ("just over", "just above", "slightly more than", "a little over"),
    Relation.ABOUT: ("about", "around", "approximately", "roughly", "some"),
}
_RELATIONS = {words: relation for relation, all_ in _HEDGES.items() for words in all_}
_NOT = {"not": Relation.LESS}
"""'Not all forces' are fewer than all."""

_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    ordinal + ending: n
    for n, ordinal in enumerate(ORDINALS, start=1)
    for ending in ("", "s")
    if n > 2
}
LARGEST_ODDS = 10
"""'Nine out of ten' is a share; 'nine out of forty-three' counts nine of forty-three."""

_TIMES = r"(?:second|minute|hour|day|week|month|year)s?"
_MONTH = "|".join(MONTHS)
_NO_QUANTITY = (
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\b",
    rf"\b(?:{_MONTH})\s+\d{{1,2}}\b(?!\d)",
    r"\b\d{1,2}[:.]\d{2}\b(?!\s*(?:%|per\s?cent))(?=\s*(?:am|pm)?\b)|\b\d{1,2}\s?[ap]m\b",
    rf"{CARDINAL}[-\s](?:(?:calendar|working|full)\s)?{_TIMES}\b|\bhalf\s+an?\b|\bhalf-",
    rf"\b(?:pages?|paragraphs?|sections?|recommendations?|figures?|tables?|chapters?|annexe?s?)"
    rf"\s+{CARDINAL}",
    r"\b(?:first|second|other)\s+half\b|\bno\s+one\b|\bone\s+another\b|[£$€]\s?[\d,.]+",
)


def quantities(sentence: str, nouns: Nouns) -> tuple[Quantity, ...]:
    """Every number that `sentence` states of those a round assesses, in reading order.

    Dates, years, times, spans of time, sums of money and numbers of pages and paragraphs state
    none.
    """
    text = folded(sentence)
    for pattern in _passed_over(nouns):
        text = re.sub(pattern, lambda match: "~" * len(match[0]), text, flags=re.IGNORECASE)
    return tuple(_found(text, nouns))


def _passed_over(nouns: Nouns) -> Iterator[str]:
    yield from _NO_QUANTITY
    yield rf"\b(?:19|20)\d\d\b(?!\s+(?:police\s+)?{re.escape(nouns.many)})"


def _found(text: str, nouns: Nouns) -> Iterator[Quantity]:
    for match in _pattern(nouns).finditer(text):
        quantity = next(read(match) for name, read in _READERS.items() if match[name])
        yield _with_bound(quantity, match)


def _pattern(nouns: Nouns) -> re.Pattern[str]:
    """Each kind of quantity under the name of its reader, with the words around it that matter."""
    one, many = re.escape(nouns.one.replace("_", " ")), re.escape(nouns.many)
    hedges = "|".join(each.replace(" ", r"\s+") for each in sorted(_RELATIONS, key=len)[::-1])
    those = rf"(?:[\w-]+\s+)?(?:{many}|those|them)\b"
    top = rf"(?:an?|{'|'.join(UNITS[1:])})"
    part = rf"(?:{'|'.join(sorted(_PARTS, key=len, reverse=True))})\b"
    return re.compile(
        rf"""(?<![\w-]) (?:(?P<hedge>{hedges}|not(?=\s+(?:all|every)\b))\s+)? (?:
        (?P<percent>(?P<hundredths>\d+(?:\.\d+)?|{CARDINAL})\s?(?:%|per\s?cent\b)(?!\s+points?\b))
        | (?P<odds>(?P<lucky>{CARDINAL})\s+in\s+(?:every\s+)?(?P<tries>{CARDINAL}))
        | (?P<fraction>half\b|{top}[-\s]{part}(?!\s+{one}\b))
        | (?P<all>all\s+(?:of\s+)?(?:(?:the|our|those)\s+)?(?:(?P<many>{CARDINAL})\s+)?{those}
           |(?:every|each)\s+(?:single\s+)?(?:[\w-]+\s+)?{one}\b)
        | (?P<none>none\b|neither\b
           |(?:no|not\s+one|not\s+a\s+single)\s+(?:\w+\s+)?(?:{one}|{many})\b)
        | (?P<both>both\s+(?:of\s+)?(?:the\s+|our\s+)?{those})
        | (?P<most>(?:the|an?)\s+(?:[\w-]+\s+)?(?:majority|minority)\b
           |most(?=\s+(?:of\b|{those})))
        | (?P<count>{CARDINAL}) )
        (?:\s+(?P<out>out\s+)?of\s+(?:(?:all|the|those|these|our)\s+)*(?P<whole>{CARDINAL}))?
        (?:(?:\s+{those})?\s+or\s+(?P<bound>more|fewer|less)\b)?""",
        re.IGNORECASE | re.VERBOSE,
    )


def _percent(match: re.Match[str]) -> Quantity:
    hundredths = match["hundredths"]
    decimals = len(hundredths.partition(".")[2])
    figure = Fraction(hundredths) if "." in hundredths else Fraction(whole_number(hundredths))
    rounding = Fraction(1, 2 * 10**decimals)
    return Quantity(match["percent"], figure / 100, True, tolerance=rounding / 100)


def _odds(match: re.Match[str]) -> Quantity:
    return _share(match["odds"], whole_number(match["lucky"]), whole_number(match["tries"]))


def _share(words: str, part: int, whole: int) -> Quantity:
    return Quantity(words, Fraction(part, whole or 1), True, tolerance=SLACK)


def _fraction(match: re.Match[str]) -> Quantity:
    top, _, bottom = re.sub(r"[-\s]+", " ", match["fraction"].casefold()).rpartition(" ")
    count = 1 if top in ("", "a", "an") else whole_number(top)
    return _share(match["fraction"], count, _PARTS[bottom])


def _all(match: re.Match[str]) -> Quantity:
    named = whole_number(match["many"]) if match["many"] else None
    return Quantity(match["all"], Fraction(1), True, whole=named)


def _none(match: re.Match[str]) -> Quantity:
    return Quantity(match["none"], Fraction(0))


def _both(match: re.Match[str]) -> Quantity:
    return Quantity(match["both"], Fraction(1), True, whole=2)


def _most(match: re.Match[str]) -> Quantity:
    is_less = match["most"].casefold().endswith("minority")
    return Quantity(
        match["most"], Fraction(1, 2), True, Relation.LESS if is_less else Relation.MORE
    )


def _count(match: re.Match[str]) -> Quantity:
    number = whole_number(match["count"])
    if match["out"] and whole_number(match["whole"]) <= LARGEST_ODDS:
        return _share(match["count"], number, whole_number(match["whole"]))
    return Quantity(match["count"], Fraction(number))


_READERS: Mapping[str, Callable[[re.Match[str]], Quantity]] = {
    "percent": _percent,
    "odds": _odds,
    "fraction": _fraction,
    "all": _all,
    "none": _none,
    "both": _both,
    "most": _most,
    "count": _count,
}


def _with_bound(quantity: Quantity, match: re.Match[str]) -> Quantity:
    """The quantity with what stands around it: 'at least', 'or more', 'of the 43'."""
    bound = {"more": Relation.AT_LEAST, "fewer": Relation.AT_MOST, "less": Relation.AT_MOST}
    hedge = " ".join((match["hedge"] or "").casefold().split())
    relation = bound.get((match["bound"] or "").casefold(), (_RELATIONS | _NOT).get(hedge))
    is_part = match["whole"] and not (match["count"] and quantity.is_share)
    return replace(
        quantity,
        words=match[0],
        relation=quantity.relation if relation in (None, Relation.EXACTLY) else relation,
        whole=whole_number(match["whole"]) if is_part else quantity.whole,
    )
