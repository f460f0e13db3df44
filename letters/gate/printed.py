"""Where the words of a claim stand in a report, and whether their whole sentence says the same."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from letters.errors import Place
from letters.files import digest
from letters.gate.numerals import NUMBERS, Token, TokenKind
from letters.gate.quantities import Quantity
from letters.gate.report import Report, TextBlock, comparable, emphasised, folded
from letters.gate.sentences import Sentence
from letters.wording.style import QUOTED

_ABBREVIATIONS = (
    "No", "Nos", "Mr", "Mrs", "Ms", "Dr", "St", "vs", "e.g", "i.e", "p", "pp", "para", "paras",
    "approx", "Insp", "Supt", "Sgt", "Rev", "Hon", "Fig", "c", "ca", "cf", "Prof", "Sec", "Ch",
)  # fmt: skip
_ABBREVIATED = re.compile(rf"(?:^|[\s('\"])(?:{'|'.join(map(re.escape, _ABBREVIATIONS))}|[A-Z])\.$")
_END = re.compile(r"[.!?]+['\")\]]*(?:\[\w{1,3}\])?( )(?=['\"(\[]*[^\W_a-z])")
_GOES_ON = (":", ";", ",", "–", "-", "—")
_BREAK = "\x1e"

LONGEST_ITEM = 8
"""How many words an item of a list has at most, if it begins with a capital."""
LEFT_OUT = 400
"""How many characters an ellipsis may stand for."""
_ELLIPSIS = re.compile(r"\s*\[?\.\.\.\]?\s*")

_BEFORE = re.compile(
    r"[;:()–—]|,?\s(?:but|while|whereas|although|though)\s|,\s(?:and|which|who|with|so)\s"
)
"""Where the clause round some words begins: "…, but five forces …"."""
_AFTER = re.compile(
    rf"{_BEFORE.pattern}|\s(?:that|which|who|whom|whose|where|because|since|until|unless|if)\s"
)
"""Where it ends."""
_TURNS = re.compile(
    r"\b(?:not|never|without|no|none|neither|nor|nobody|cannot|hardly|scarcely|rarely|fewer|"
    r"except|unless|untrue|false|wrong|mistaken|myth|contrary to|apart from|no longer|yet to|"
    r"fail(?:s|ed)? to|far from|all but|den(?:y|ies|ied))\b|\w+n't\b",
    re.IGNORECASE,
)
"""Words that turn the sense of what stands beside them: "not", "fewer", "far from", "isn't"."""
_UNSAID = re.compile(
    r"\b(?:hope[sd]?|hoping|expect(?:s|ed)?|promised?|predict(?:s|ed)?|target|aim(?:s|ed)?|if|"
    r"whether|doubt(?:s|ed)?|would|should|could|might|claim(?:s|ed)?|"
    r"plan(?:s|ned)? (?:that|for))\b",
    re.IGNORECASE,
)
"""Words after which something is wished, asked or supposed, and not said."""


_UNSTATED_BEFORE = re.compile(
    r"\b(?:(?:not|never|cannot|no|nothing|unable|hardly|\w+n't)\b"
    r"(?! (?:until|only|just|surpris\w+|doubt|question|secret|accident|coincidence|wonder)\b)"
    r"|untrue|false|wrong\w*|mistaken\w*|myth|contrary|incorrect\w*|reject\w*"
    r"|(?<!no )doubt(?:s|ed|ful)?|den(?:y|ies|ied)"
    r"|fear(?:s|ed)?|hope[sd]?|rumou?rs?|alleg\w+|suggest\w*|pretend\w*)\b"
    r"[^,;:]*?\b(?:that|to show)\s|\b(?:if|whether|unless|suppos\w+)\s|contrary to ",
    re.IGNORECASE,
)
"""Words before a number after which its sentence is denied, asked or supposed: "untrue that"."""
_UNSTATED_AFTER = re.compile(
    r",\s(?:(?:it|that) (?:is|was|has been) (?:\w+ly )?(?:claimed|reported|alleged|said|suggested"
    r"|thought|feared|hoped|rumoured)|(?:critics|opponents|some|we|they) (?:say|said|claim|claimed"
    r"|argue|argued|hope|fear)|(?:perhaps|maybe|possibly) (?:fewer|more|less)|none did|or so it)\b"
    r"|\bno (?:\w+ ){1,3}without\b",
    re.IGNORECASE,
)
"""Words that leave a sentence to others, or open: ", critics say"; or turn it twice: "no force
without"."""
_EARLIER = re.compile(
    r"(?:\b(?:our|the|their) )?\b(?:last|previous|preceding|prior|earlier)"
    r" (?:year|month|week|decade|time|inspection|report|round|review|visit)s?\b(?!')"
    r"|\b(?:previously|formerly|originally|in the past)\b"
    r"|\b\w+ (?:year|month|week|decade)s? (?:ago|earlier|before)\b"
    r"|\bour (?:19|20)\d\d (?:inspection|report|round|review)\b",
    re.IGNORECASE,
)
"""Words before a number that put its sentence into another time: "last year", "two years ago"."""
_NOW = re.compile(r"\b(?:since|than|unlike|with|as|until) $", re.IGNORECASE)
"""Words before such a time that leave the sentence in its own: "since our last inspection"."""
_IN_YEAR = re.compile(
    r"\b(?:in|during|by|before|throughout)(?: the year| early| late)?(?: [A-Z][a-z]+)?"
    r" ((?:19|20)\d\d)(?![-–/]\d)\b,?",
    re.IGNORECASE,
)
"""A year to which a number after it belongs."""
_OTHERS_SAY = re.compile(
    r"\b(?:it (?:is|was|has been) (?:\w+ly )?(?:possible|probable|likely|conceivable|claimed"
    r"|reported|alleged|rumoured|feared|hoped|thought|believed|expected|planned)|(?:some|critics|opponents"
    r"|others|nobody|no one|few) (?:\w+ )?(?:says?|said|claim\w*|argue\w*|believe\w*|think|thinks"
    r"|thought)|imagine|suppose|assum\w+|pretend)\b(?: that)? |\b(?:expect|want|wanted|hope for"
    r"|asked for) (?=$)",
    re.IGNORECASE,
)
"""Words before a number whose sentence is left to others, or is only thought of."""
_NOT_YET = re.compile(
    r"(?: [\w'-]+){0,3}? (?<!who )(?<!that )(?<!which )(?:may|might|would|used to|will have"
    r"|could have|should have had|(?:was|were|are|is) to|probably|possibly|perhaps|maybe|almost"
    r"|nearly)\b(?! not only\b)"
)
"""What goes on after a number and its noun, where it is not so yet, or was once."""
_UNTRUE = re.compile(
    r"\b(?:which|this|that) (?:has )?(?:was|is|proved|proves|turned out|turns out)(?: to be)? "
    r"(?:\w+ly )?(?:untrue|false|wrong|incorrect|mistaken|not (?:so|true))\b|\?['\")]*$"
    r"|\b(?:alleged|reported|supposed|apparent|seeming|purported|presumab)ly\b",
    re.IGNORECASE,
)
"""What takes a sentence back, leaves it to others, or makes it a question."""
_HAD = re.compile(r"had\b.*\bwould\b", re.IGNORECASE)
_FEWER = re.compile(r"\s(?:fewer|less)\s(?!than\b)", re.IGNORECASE)
"""After a number: how many fewer, than others that are not named."""


@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a report's text, in the form in which names are compared.

    A block that ends in a colon, semicolon, comma or dash goes on in the next, if that is an item
    of a list: short, or with a small letter at its beginning.
    """
    found: list[str] = []
    for block in map(comparable, text.splitlines()):
        first, *rest = _split(block)
        is_item = first[:1].islower() or first.count(" ") < LONGEST_ITEM
        if found and found[-1].endswith(_GOES_ON) and is_item:
            found[-1] = f"{found[-1]} {first}"
        else:
            found.append(first)
        found += rest
    return tuple(filter(None, found))


def _split(block: str) -> list[str]:
    """The sentences of a block; a full stop after an abbreviation ends none."""
    found, at = [], 0
    for match in _END.finditer(block):
        if not _ABBREVIATED.search(block[at : match.start() + 1]):
            found.append(block[at : match.start(1)])
            at = match.end()
    return [*found, block[at:]]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Where words stand: the `sentence` (in all its words), and from where to where in it.

    `pieces` are the places of the words between ellipses; `base` is where `sentence` begins among
    all sentences of the report, each one character apart.
    """

    sentence: str
    pieces: tuple[tuple[int, int], ...]
    base: int

    @property
    def start(self) -> int:
        """Where the words begin."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Where they end."""
        return self.pieces[-1][1]

    @property
    def gaps(self) -> Iterator[tuple[int, int]]:
        """What ellipses leave out."""
        for (_, start), (end, _) in zip(self.pieces, self.pieces[1:], strict=False):
            yield start, end

    def touches(self, said: Quantity, base: int | None = None) -> bool:
        """Whether the words hold a quantity of the sentence, or of that which begins at `base`."""
        off = 0 if base is None else base - self.base
        start, end = said.start + off, said.end + off
        return any(start < last and end > first for first, last in self.pieces)

    def within_gap(self, said: Quantity) -> bool:
        """Whether an ellipsis leaves a quantity out."""
        return any(start <= said.start and said.end <= end for start, end in self.gaps)


def occurrences(words: str, report: Report) -> Iterator[Occurrence]:
    """Every place where words, folded as names are compared, stand in a report, in any case.

    An ellipsis in them leaves words out, but stays within its sentence.
    """
    all_ = sentences(report.text)
    text = _BREAK.join(all_)
    quoted = map(re.escape, filter(None, _ELLIPSIS.split(words)))
    pieces = [each.replace(r"\ ", rf"[\s{_BREAK}]+") for each in quoted]
    if not pieces:
        return
    glue = rf"(?!\w)[^{_BREAK}]{{0,{LEFT_OUT}}}?(?<![\w-])"
    found = re.compile(
        rf"(?<![\w-])(?={glue.join(f'({each})' for each in pieces)}(?!\w))", re.IGNORECASE
    )
    for match in found.finditer(text):
        spans = [match.span(n) for n in range(1, len(pieces) + 1)]
        first = text.count(_BREAK, 0, spans[0][0])
        last = text.count(_BREAK, 0, spans[-1][1])
        base = text.rfind(_BREAK, 0, spans[0][0]) + 1
        yield Occurrence(
            " ".join(all_[first : last + 1]),
            tuple((start - base, end - base) for start, end in spans),
            base,
        )


def cuts_a_number(found: Occurrence, sentence: Sentence) -> bool:
    """Whether the words begin or end within a number: 'seven forces' in 'thirty seven forces'."""
    edges = [edge for piece in found.pieces for edge in piece]
    numbers = [token for token in sentence.tokens if token.kind in NUMBERS]
    return any(token.start < edge < token.end for token in numbers for edge in edges)


def differences(
    found: Occurrence, said: Sentence, claimed: Sentence, year: int | None = None
) -> Iterator[str]:
    """What the sentence round the words says otherwise than the words alone do.

    `said` is the sentence as read, `claimed` are the words of the claim, `year` as for `unstated`.
    """
    touched = [each for each in said.quantities if found.touches(each)]
    inside = [each for each in touched if not each.is_again] or touched
    if [each.fact for each in inside] != [each.fact for each in claimed.main]:
        numbers = ", ".join(f"'{each.words}'" for each in inside)
        yield f"it says {numbers}" if numbers else "it says no such number"
        return
    for start, end in found.gaps:
        words = found.sentence[start:end]
        hidden = [each.words for each in said.quantities if found.within_gap(each)]
        if turn := _TURNS.search(words):
            hidden.append(turn[0])
        yield from (f"the ellipsis leaves out '{each}'" for each in hidden[:1])
    if reversing := _turned(found) or _left_open(found, inside, year):
        yield f"it says '{reversing}', which the claim does not quote"
    elif re.search(r"\?['\")]*$", found.sentence) and found.end < len(found.sentence) - 2:
        yield "it is a question"


def _left_open(found: Occurrence, inside: list[Quantity], year: int | None) -> str:
    """Words outside the claim's by which its sentence states no fact, or none of now."""
    quoted = found.sentence[found.start : found.end]
    for number in (each for each in inside if each.is_number and not each.is_elsewhere):
        words = unstated(found.sentence, number, year)
        if words and words not in quoted and "?" not in words:
            return words
    return ""


def unstated(line: str, number: Quantity, year: int | None = None) -> str:
    """Return words of a claim by which it does not state its number as a fact of now, or nothing.

    `year` is that of the round's letters, where it is known: what they tell may be a year older.
    """
    start = _clause_start(line, number.start)
    found = (
        _UNSTATED_BEFORE.search(line, 0, number.start)
        or _UNSTATED_AFTER.search(line)
        or _FEWER.match(line, number.end)
        or _earlier(line, start, number.start)
        or _other_year(line, start, number.start, year)
        or _OTHERS_SAY.search(line, start, number.start)
        or _NOT_YET.match(line, number.end)
        or _UNTRUE.search(line)
        or _HAD.match(line)
    )
    return found[0].strip(" ,") if found else ""


def _earlier(line: str, start: int, end: int) -> re.Match[str] | None:
    found = _EARLIER.finditer(line, start, end)
    return next((each for each in found if not _NOW.search(line, 0, each.start())), None)


def _other_year(line: str, start: int, end: int, year: int | None) -> re.Match[str] | None:
    found = _IN_YEAR.finditer(line, start, end) if year else ()
    return next((each for each in found if not year - 1 <= int(each[1]) <= year), None)  # type: ignore[operator]


def _clause_start(sentence: str, at: int) -> int:
    """Where the clause begins that a place of a sentence is in."""
    return max((match.end() for match in _BEFORE.finditer(sentence, 0, at)), default=0)


def clause(sentence: str, said: Quantity) -> str:
    """The clause of a sentence that holds a quantity, without the signs at its ends."""
    start = _clause_start(sentence, said.start)
    after = _BEFORE.search(sentence, said.end)
    return sentence[start : after.start() if after else len(sentence)].strip(" ,;:.")


def _turned(found: Occurrence) -> str:
    """A word of the clause, outside the claim's, that reverses what it says or leaves it open."""
    sentence = found.sentence
    start = _clause_start(sentence, found.start)
    after = _AFTER.search(sentence, found.end)
    end = after.start() if after else len(sentence)
    before = sentence[start : found.start]
    turns = (
        _TURNS.search(before),
        _TURNS.search(sentence[found.end : end]),
        _UNSAID.search(before),
    )
    return next((turn[0] for turn in turns if turn), "")


@dataclass(frozen=True, slots=True)
class ListedNames:
    """Names that a sentence lists after a number: those of forces, and others."""

    known: tuple[Token, ...] = ()
    unknown: tuple[str, ...] = ()


_NAME = "\x1d"
_OTHER = r"[A-Z][\w'&.-]*(?:(?: of| on| upon| under)?(?: the)? [A-Z][\w'&.-]*)*"
_ITEM = rf"(?:the |The )?(?:{_NAME}+|{_OTHER})"
_AND = r"(?:,? and |, |; )"
_LIST = re.compile(
    r"(?P<opens>: ?|\(|,? namely |[-–—] | (?:are|were) )"
    rf"(?P<items>{_ITEM}(?:{_AND}{_ITEM})*)(?=\W|$)"
)
"""Names after a sign or word that begins a list; a known one is written in signs of its length."""


def listed(line: str, sentence: Sentence, number: Quantity) -> ListedNames:
    """The names that a line lists after a number: 'three forces (Kent, Essex and Surrey)'.

    A name that nobody knows counts as one where others of the list are known, or where a list of
    just that number of names follows a bracket or colon.
    """
    names = [each for each in sentence.tokens if each.kind is TokenKind.NAME]
    masked = line
    for each in names:
        masked = masked[: each.start] + _NAME * (each.end - each.start) + masked[each.end :]
    later = (each.start for each in sentence.main if each.start > number.start)
    match = _LIST.search(masked, number.end, min(later, default=len(line)))
    if match is None or ";" in line[number.end : match.start()]:
        return ListedNames()
    start, end = match.span("items")
    known = tuple(each for each in names if start <= each.start < end)
    items = [each.removeprefix("the ") for each in re.split(_AND, match["items"])]
    unknown = tuple(each for each in items if not each.startswith(_NAME))
    opens, ends = match["opens"].strip() in (":", "("), line[end : end + 1] in ("", ".", ")")
    is_all = opens and ends and 1 < len(items) == number.number
    return ListedNames(known, unknown if known or is_all else ())


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """Words that a letter quotes: a block quotation, words in quotation marks, a title in italics.

    `text` is folded, so that its digest does not depend on the form of its quotation marks.
    """

    text: str
    place: Place

    @property
    def sha256(self) -> str:
        """The digest that a quotation is registered under."""
        return digest(self.text.encode())


def pieces(spots: Iterable[TextBlock]) -> Iterator[QuotedWords]:
    """Everything that a letter's blocks quote, in reading order."""
    for is_quote, group in groupby(spots, key=lambda spot: spot.is_quote):
        blocks = list(group)
        if is_quote:
            yield QuotedWords(folded(" ".join(spot.text for spot in blocks)), blocks[0].place)
        for spot in blocks:
            for text in (*emphasised(spot.content), *_in_marks(spot.text)):
                yield QuotedWords(folded(text), spot.place_of(text))


def _in_marks(text: str) -> Iterator[str]:
    for match in QUOTED.finditer(text):
        yield next(part for part in match.groups() if part is not None)
