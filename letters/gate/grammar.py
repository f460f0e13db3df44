"""The grammar of quantities: tables of patterns, each with what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction

from letters.gate.numerals import TokenKind
from letters.gate.patterns import Captured, TokenText, endings, starts
from letters.gate.quantities import HALF, Quantity, Relation, Sort

# What is no quantity, one of another time, one that says no number, one after a word of degree.
NOTHING = (
    "DAY MONTH YEAR?", "DAY of MONTH", "MONTH DAY !NOUN", "MONTH YEAR", "PASSED MONTH",
    "YEAR !NOUN", "DAY - DAY MONTH", "DAY to|and|– DAY MONTH",
    "N - !odd|ish|something|plus W !NOUN", "N - !odd|ish|something|plus W W !NOUN",
    "N|D !TIME TIME", "N|D TIME", "N calendar|working|full|more|further|consecutive TIME",
    "N - TIME", "N to|or|–|- N TIME", "F an|a TIME", "F of an|a TIME", "F - W", "F way|term|past",
    "REF N|D|X", "REF N ( N )", "REF N and|to|-|–|, N", "REF N , N and N", "no|number|nos . N",
    "how|so|too many|few", "W - N", "one another", "no one", "one or more !NOUN", "in one or more",
    "this|that|which|any|some|each one", "one - W", "one by one", "one day", "at one",
    "N|D|F percentage point|points", "N PCT point|points", "N|D times",
    "CHANGED by|of? N|D|F percentage point|points", "twice|thrice",
    "twice|double|treble as? many|much NOUN? as?", "N times as many|much NOUN?", "ORD F",
    "without exception|exceptions", "including|include|among both", "bar none",
    "but|though neither NAMES", "F|most of? the? TIME",
    "number N", "year|age|aged N !NOUN",
    "from? YEAR to|and|or|–|- YEAR", "between YEAR and YEAR", "numbered N !END", "REF numbered N",
    "REF numbered N and|to N", "numbered N and|to N",
    "show|showed|shown|have|has|had|begin|begun|write|wrote|made|make|need|needed|lost|get|got|"
    "want|wanted|produce|produced|find|found|sent|kept us|them|me? one|none END",
)  # fmt: skip
ELSEWHERE = (
    "CHANGED from AMOUNT", "CHANGED from AMOUNT BEFORE", "CHANGED from AMOUNT to",
    "CHANGED from AMOUNT BEFORE to", "CHANGED by|of AMOUNT", "CHANGED N|D PCT",
    "CHANGED from AMOUNT ( AMOUNT )", "CHANGED from AMOUNT ( AMOUNT ) BEFORE",
    "from AMOUNT BEFORE", "from AMOUNT ( AMOUNT ) BEFORE", "compared|compares with|to AMOUNT",
    "compared|compares with|to AMOUNT BEFORE", "against|versus AMOUNT BEFORE",
    "than BEFORE ( AMOUNT )", "than the AMOUNT BEFORE", "than AMOUNT BEFORE", "( AMOUNT BEFORE )",
    "( it was AMOUNT BEFORE )", "( previously|formerly AMOUNT )",
    "AMOUNT more|fewer|less NOUN? than", "AMOUNT more|fewer|less than BEFORE",
    "AMOUNT higher|lower|better|worse than", "instead of AMOUNT", "rather than AMOUNT",
    "not AMOUNT , as", "F as many|much|few", "F as many|much|few NOUN as",
)  # fmt: skip
VAGUE = (
    "the|a|an BIG majority|minority", "the|a BIG? bulk of", "the BIG? part of PRE NOUN",
    "several|many|various|numerous|countless WHOM", "plenty|lots WHOM", "certain >NOUN",
    "some WHOM", "quite? a? few WHOM", "very few WHOM", "a? small|mere? handful WHOM",
    "a? handful )", "a number WHOM", "a|the BIG number|proportion|share|percentage WHOM",
    "next to no|none|nothing",
    "hardly|scarcely|barely any", "the rest|remainder|others WHOM", "a lot WHOM",
    "half? dozens|scores|hundreds|thousands|tens of", "most if not all", "most , if not all ,?",
    "fewer and fewer", "more and more", "many more|fewer NOUN", "N , if not more|fewer ,?",
    "part|much of PRE NOUN",
)  # fmt: skip
DEGREE = frozenset(
    "substantially significantly considerably markedly comfortably easily vastly appreciably "  # noqa: SIM905
    "marginally fractionally virtually practically essentially potentially possibly probably "
    "perhaps maybe well far much way quite somewhat rather hardly rarely bit touch shade tad "
    "whisker smidgen hair deal lot good".split()
)
TIMES = frozenset(
    "only currently recently finally previously formerly actually initially originally early "  # noqa: SIM905
    "reportedly eventually".split()
)
"""Words in -ly that say when or that, and not how much more or less."""
EXCEPTION_WORDS = frozenset(
    ("except", "excepted", "excepting", "excluding", "barring", "exception", "exceptions")
)

HEDGES: tuple[tuple[Relation, tuple[str, ...]], ...] = (
    (Relation.EXACTLY, ("only|just|merely|fully", "a mere", "exactly|precisely", "a total of",
                        "in total|all", "as many|few|much|little as", "altogether")),
    (Relation.MORE, ("more|greater|better|higher than", "over|above|exceeding|beyond",
                     "in excess of", "upwards of", "north of")),
    (Relation.LESS, ("fewer|less|lower|smaller than", "under|below|beneath", "not even|quite",
                     "short of", "not as many as", "south of")),
    (Relation.AT_LEAST, ("at least|minimum", "no fewer|less than", "not fewer|less than",
                         "a minimum of", "at the very? least ,?", "not under|below")),
    (Relation.AT_MOST, ("at most|maximum", "no|not more|greater than", "up to", "a maximum of",
                        "at the very? most ,?", "not over|above", "up to and including")),
    (Relation.NEARLY, ("nearly|almost|approaching|nigh", "nigh on", "getting on for",
                       "verging|bordering on", "close to|on|upon", "not far short|off of?",
                       "very nearly|almost")),
    (Relation.JUST_UNDER, ("just under|below", "just short of", "slightly under|below",
                           "just|slightly fewer|less than", "a little under|below|short of?",
                           "a little|fraction less|fewer than")),
    (Relation.BARELY, ("barely|scarcely",)),
    (Relation.JUST_OVER, ("just over|above", "slightly over|above", "just|slightly more than",
                          "a little|fraction over|above", "a little|fraction more than")),
    (Relation.ABOUT, ("about|around|approximately|roughly|some|circa|approx", "in the region of",
                      "something like", "an estimated", "or so", "of the order of")),
)  # fmt: skip
VAGUE_HEDGES = (
    "nowhere near", "not nearly|remotely", "nothing|anything like", "somewhere near|around",
    "more like", "as good as", "little more|less than", "little over|under",
    "not much|many more|less|fewer than", "not much over|under|above|below",
    "a lot|great|good deal? more|less|fewer than", "many|several|a few? more|fewer than",
    "up to about|around", "just about", "more or less", "pretty much", "near enough",
)  # fmt: skip
VAGUE_AFTER = (
    ",? if not more|fewer|less|all", ",? perhaps|possibly|maybe more|fewer|less", "and counting",
)  # fmt: skip
AFTER: tuple[tuple[Relation, tuple[str, ...]], ...] = (
    (Relation.AT_LEAST, ("or more", "+", "plus !N", "- plus", "at least", "or above|over",
                         "and over|above|more|upwards", "at the very? least", "minimum")),
    (Relation.AT_MOST, ("or fewer|less", "at most", "or under|below", "and under|below|fewer",
                        "at the very? most", "maximum")),
    (Relation.ABOUT, ("or so", "or thereabouts", "give or take", "approximately|roughly")),
    (Relation.EXACTLY, ("exactly|precisely", "in all|total", "altogether")),
)  # fmt: skip
STRICT = ("exactly", "precisely")

Read = Callable[[Captured], Quantity]


def _quantity(sort: Sort = Sort.COUNT, **facts: object) -> Quantity:
    return replace(Quantity("", 0, 0, sort), **facts)  # type: ignore[arg-type]


def _number(captured: Captured, n: int = 0) -> Fraction:
    return captured[n][0].value


def _count(captured: Captured) -> Quantity:
    decimals = len(captured[0][0].text.partition(".")[2])
    return _quantity(number=_number(captured), decimals=decimals)


def _count_of(captured: Captured) -> Quantity:
    return _quantity(number=_number(captured), whole=int(_number(captured, 1)))


def _odds(captured: Captured) -> Quantity:
    return _quantity(Sort.SHARE, number=_number(captured) / (_number(captured, 1) or 1))


LARGEST_ODDS = 10
"""'Nine out of ten' is a share; 'nine out of forty-three' counts nine of forty-three."""


def _out_of(captured: Captured) -> Quantity:
    is_odds = _number(captured, 1) <= LARGEST_ODDS or _number(captured, 1) == 100
    return (_odds if is_odds else _count_of)(captured)


def _share(captured: Captured) -> Quantity:
    return _quantity(Sort.SHARE, number=_number(captured))


def _percent(captured: Captured) -> Quantity:
    decimals = len(captured[0][0].text.partition(".")[2])
    return _quantity(Sort.PERCENT, number=_number(captured) / 100, decimals=decimals)


def _between(captured: Captured) -> Quantity:
    low, high = _number(captured), _number(captured, 1)
    return _quantity(number=low, high=high, relation=Relation.BETWEEN)


def _percents(captured: Captured) -> Quantity:
    low, high = _number(captured) / 100, _number(captured, 1) / 100
    return _quantity(Sort.PERCENT, number=low, high=high, relation=Relation.BETWEEN)


def _shares(captured: Captured) -> Quantity:
    return replace(_between(captured), sort=Sort.SHARE)


def _odds_between(captured: Captured) -> Quantity:
    low, high = (_number(captured, n) / (_number(captured, n + 1) or 1) for n in (0, 2))
    return _quantity(Sort.SHARE, number=low, high=high, relation=Relation.BETWEEN)


def _more_but_fewer(captured: Captured) -> Quantity:
    low, high = _number(captured) + 1, _number(captured, 1) - 1
    return _quantity(number=low, high=high, relation=Relation.BETWEEN)


def _all(captured: Captured) -> Quantity:
    whole = int(_number(captured)) if captured else None
    return _quantity(Sort.SHARE, number=Fraction(1), whole=whole)


def _all_but(captured: Captured) -> Quantity:
    *whole, left = captured
    is_named = left[0].kind is TokenKind.NAME
    return replace(
        _all(tuple(whole)),
        left_out=len(left) if is_named else int(left[0].value),
        excluded=tuple(each.forces for each in left) if is_named else (),
    )


def _none_but(captured: Captured) -> Quantity:
    (left,) = captured
    number = Fraction(len(left)) if left[0].kind is TokenKind.NAME else left[0].value
    return _quantity(number=number)


def _fixed(number: int) -> Read:
    return lambda _: _quantity(number=Fraction(number))


def _more_than_half(_: Captured) -> Quantity:
    return _quantity(Sort.SHARE, number=HALF, relation=Relation.MORE)


def _half_to_all(_: Captured) -> Quantity:
    return replace(_more_than_half(()), high=Fraction(1))


def _less_than_half(_: Captured) -> Quantity:
    return _quantity(Sort.SHARE, number=HALF, relation=Relation.LESS)


def _not_all(captured: Captured) -> Quantity:
    return replace(_all(captured), relation=Relation.LESS)


def _majority(captured: Captured) -> Quantity:
    return replace(_share(captured), relation=Relation.MAJORITY)


def _percent_majority(captured: Captured) -> Quantity:
    return replace(_percent(captured), relation=Relation.MAJORITY)


def _named_and(captured: Captured) -> Quantity:
    return _quantity(number=len(captured[0]) + _number(captured, 1))


def _alone(captured: Captured) -> Quantity:
    return _quantity(number=Fraction(len(captured[0])))


def _unreadable(_: Captured) -> Quantity:
    return _quantity(Sort.UNREADABLE)


READ: tuple[tuple[Read, tuple[str, ...]], ...] = (
    (_count, ("N", "another|further|additional N", "a further|additional N",
              "the other|remaining N", "none|nobody but N", "no NOUN CLOSE N",
              "is|was|are|were|being|, one of PRE N")),
    (_count_of, ("N of PRE N", "N of every NOUN ( N )", "N NOUN ( of N )", "N ( of|from N )",
                 "N NOUN of PRE N", "N from PRE N NOUN", "N of a total of N",
                 "N of a possible N", "N NOUN from|out of PRE N !N NOUN?")),
    (_out_of, ("N out of PRE N", "N / N", "N NOUN out of PRE N", "in N NOUN out of N",
               "N ( out of PRE N )", "N NOUN ( out of PRE N )", "N NOUN in N")),
    (_odds, ("N in every? N", "N - in - N", "N NOUN in every N", "N out of every N",
             "N NOUN out of every N", "N of every N", "N in each N", "N - out - of - N")),
    (_share, ("F",)),
    (_percent, ("N|D PCT",)),
    (_between, ("between N and N", "from? N to|–|- N", "N - to - N", "N or N",
                "from? N NOUN to N", "anywhere between|from N and|to N",
                "anything between|from N and|to N", "somewhere between N and N")),
    (_percents, ("between N|D PCT? and N|D PCT", "from? N|D PCT? to|–|- N|D PCT")),
    (_shares, ("between F and F", "from? F to F")),
    (_odds_between, ("between N in N and N in N",)),
    (_more_but_fewer, ("more than N but fewer|less than N", "more than N and fewer|less than N")),
    (_all, ("ALL", "ALLN")),
    (_all_but, ("all|every NOUN? but|bar|save N|NAMES", "all of? PRE NOUN ,? CLOSE N|NAMES",
                "every|each single? NOUN ,? CLOSE N|NAMES", "all of? PRE N NOUN? ,? CLOSE N|NAMES",
                "all CLOSE N|NAMES", "everyone|everybody CLOSE N|NAMES")),
    (_none_but, ("none|nobody ,? CLOSE NAMES", "no NOUN ,? CLOSE NAMES", "no other than NAMES")),
    (_fixed(0), ("none >VERB", "none END", "none of them", "none of PRE NOUN", "none of PRE N",
                 "no NOUN", "no single NOUN", "nil NOUN", "not one !of NOUN?",
                 "not one of PRE NOUN", "not one of PRE N", "not a single NOUN|one",
                 "not a single one of PRE NOUN", "not a NOUN", "neither NOUN", "neither >VERB",
                 "neither of PRE NOUN", "neither of PRE N", "not any of PRE NOUN", "not any NOUN")),
    (_fixed(2), ("both NOUN", "both of PRE NOUN", "both >VERB", "both NAMES")),
    (_fixed(1), ("the only|sole NOUN", "a single|lone|solitary NOUN", "the only|sole one")),
    (_more_than_half, ("the|a majority", "a|an simple|narrow|bare|slim|slender|absolute majority",
                       "most NOUN", "most >of", "most >VERB")),
    (_half_to_all, ("most NOUN? ,? but not all ,? NOUN?", "most but by no means all ,? NOUN?")),
    (_less_than_half, ("the|a minority",)),
    (_not_all, ("not ALL", "not ALLN", "not everyone")),
    (_majority, ("a? F - majority", "a? F majority")),
    (_percent_majority, ("a? N|D PCT majority",)),
    (_named_and, ("NAMES ,? and|plus N other|others|more|further NOUN?",
                  "NAMES ,? and|plus another|further N NOUN?")),
    (_alone, ("NAMES alone",)),
    (_unreadable, (
        "N|D|F|X - odd|ish|something", "N odd|ish|something NOUN?", "every NTH NOUN",
        "every N|F", "N and F", "F more|fewer|less|again|higher|lower", "half again",
        "N|D PCT more|fewer|less|higher|lower", "not only|just|merely|simply N|D|F|ALL|ALLN",
        "not N|F|D", "either NOUN", "all|every other|remaining NOUN", "neither NAMES",
        "anything|everything but N", "not most",
        "N NOUN ,? plus|with NAMES", "along|together with NAMES ,? N", "plus N NOUN?",
        "in addition to NAMES", "as well as NAMES", "N or F", "N minus N", "N less N",
        "N NOUN? ,? if not N", "no N", "no majority", "not the|a majority", "N plus N",
        "all|every NOUN? but !N !NAMES W", "minus|negative N", "N NOUN fewer|less|more",
        "N NOUN per W", "N NOUN and NAMES",
        "N pair|pairs|halves|thirds|quarters|fifths|dozens|scores|couples",
        "NAMES ,? and|plus at|more|fewer|about|around|nearly|almost|over|up|some|several|many|a",
        "nor N|F", "never N|F", "not both", "no longer N|F", "N per NOUN",
    )),
)  # fmt: skip
MEASURED_NOTHING = tuple(pattern for pattern in NOTHING if "TIME" not in pattern)
"""What says no quantity where a number field is meant: '11 weeks' says one then."""
MEASURED: tuple[tuple[Read, tuple[str, ...]], ...] = (*READ, (_count, ("D",)))
"""What says one; a number with decimals too."""
AVERAGED = (
    "on average ,? N|D TIME", "average|mean|median|averaging of|was|is|: N|D TIME",
    "average|mean|median|averaged|averages|averaging N|D TIME", "N|D TIME on average",
)  # fmt: skip
"""Spans of time that records may bear out, so that somebody has to answer for them."""
EXCEPTIONS: tuple[tuple[Read, tuple[str, ...]], ...] = (
    (_all_but, (
        "EXCEPT N|NAMES", "NAMES aside|excepted|apart|excluded", "N NOUN? aside|excepted|excluded",
        "with N exception|exceptions", "with NAMES as? the? only|sole? exception|exceptions",
        "bar NAMES",
        "bar N !NOUN",
        "NAMES being|is|was|are|were the? only|sole|two|three? exception|exceptions",
        "the only|sole|one? exception|exceptions being|is|was|are|were|: NAMES",
    )),
)  # fmt: skip


class PatternTable:
    """Rows of patterns, found by the first token of each."""

    def __init__(self, rows: Sequence[tuple[Read, tuple[str, ...]]]) -> None:
        self._rows = [(read, pattern) for read, patterns in rows for pattern in patterns]
        self._by_start: dict[str, list[int]] = {}
        for n, (_, pattern) in enumerate(self._rows):
            for start in starts(pattern):
                self._by_start.setdefault(start, []).append(n)

    def longest(self, text: TokenText, at: int) -> tuple[int, Quantity | None]:
        """Where the row that matches most ends, and what it says; of two, the later row."""
        best, said = at, None
        token = text.tokens[at]
        keys = {token.kind.value, "*", token.text}
        for n in sorted({n for key in keys for n in self._by_start.get(key, ())}):
            read, pattern = self._rows[n]
            for end, captured in endings(text, at, pattern)[:1]:
                if end > at and end >= best:
                    best, said = end, read(captured)
        return best, said
