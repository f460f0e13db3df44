"""Text to tokens: words, signs, names, and numbers in figures, words, fractions, Roman letters."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

UNITS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
)  # fmt: skip

_VALUES = {word: n for n, word in enumerate(UNITS)} | {
    word: 10 * n for n, word in enumerate(TENS, start=2)
}
_POWERS = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_GROUPS = {"dozen": 12, "score": 20, "couple": 2, "pair": 2, "hundred": 100, **_POWERS}
PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4, "twentieth": 20} | {
    ordinal + ending: n
    for n, ordinal in enumerate(ORDINALS, start=1)
    for ending in ("", "s")
    if n > 2
}

FUNCTION_WORDS = frozenset(
    "had have has having was were is are be been being did do does still now already not could "  # noqa: SIM905
    "should would will may might must can cannot also of in to from by and or but that who which "
    "with without for on at as than after before said told we they it if when while though yet "
    "so because since until".split()
)
"""Words that end the words round a noun: 'fire and rescue services' holds none but 'and'."""


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


class TokenKind(StrEnum):
    """What a token is; the letter is that of the patterns of the grammar."""

    WHOLE = "N"
    DECIMAL = "D"
    FRACTION = "F"
    WORD = "W"
    SIGN = "S"
    NAME = "NAME"
    PASSED = "PASSED"
    UNREADABLE = "X"


NUMBERS = frozenset((TokenKind.WHOLE, TokenKind.DECIMAL, TokenKind.FRACTION, TokenKind.UNREADABLE))


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text from `start` to `end`; `text` is it in lower case.

    `value` is that of a number; `forces` the ids of those whose name it is; `is_capital` tells
    'May' from 'may'. What is PASSED says no quantity: sums of money, times of day, years such as
    2017-18, references, addresses. A dash stands for a hyphen with spaces round it.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    value: Fraction = Fraction(0)
    forces: frozenset[str] = frozenset()
    is_capital: bool = False


Named = tuple[int, int, frozenset[str]]
"""Where a name starts and ends in a text, and the ids of the forces it belongs to."""

_BEFORE_DOZEN = frozenset(
    "some the another last first next about around nearly almost over under than least further "  # noqa: SIM905
    "other only to roughly approximately barely just most remaining".split()
)
_NOTE = "⁰¹²³⁴-⁹"
_TOKEN = re.compile(
    rf"""
    (?P<passed>[£$€]\s?\d+(?:[.,]\d+)*(?:\s?(?:k|m|bn|million|billion|thousand)\b)?
      | \S+@\S+\w | (?:https?://|www\.)\S+\w
      | (?:19|20)\d\d[-/–](?:\d\d){{1,2}}\b
      | \d+(?:[./]\d+){{2,}}
      | \d{{1,2}}[:.]\d\d\s?[ap]\.?m\b | \d{{1,2}}\s?[ap]m\b | \d{{1,2}}:\d\d\b
      | (?<=\bat\s)\d{{1,2}}\.\d\d\b(?!\s?(?:%|p))
      | \b0\d+(?:\s\d{{3,}})*
      | \d+(?:st|nd|rd|th|s)\b | \d+x\d+\b | \d+[a-eD]\b)
    | (?P<unreadable>\d+(?:\.\d+)?[¼-¾⅐-⅞] | \d+,\d+(?!\d)(?<!,\d\d\d) | \d{{4,}},\d{{3}}\b
      | \d[\d.,]*(?!pc\b|percent\b)[^\W\d_{_NOTE}]+\w*)
    | (?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?!\d) | \d{{1,3}}(?:\s\d{{3}})+(?![\d.,]\d|\d)
      | \d+(?:\.\d+)?)
    | (?P<part>[¼-¾⅐-⅞])
    | (?P<note>[{_NOTE}]+ | [*†‡§]+ | \[\w{{1,3}}\])
    | (?P<word>[^\W_{_NOTE}¼-¾⅐-⅞]+(?:'[^\W\d_]+)?)
    | (?P<sign>\.\.\.|\S)
    """,
    re.VERBOSE,
)
"""The pieces of a text, longest first: what is no count (sums of money, dates, times, telephone
numbers), what cannot be read, numbers, parts such as ½, words, signs."""
_ROMAN = re.compile(r"(?=[IVX]{2})(X{0,3})(IX|IV|V?I{0,3})")
_LETTERS = {"I": 1, "V": 5, "X": 10}


def tokens(text: str, names: Iterable[Named] = ()) -> tuple[Token, ...]:
    """The tokens of a folded text, in reading order; `names` in it are one token each."""
    found: list[Token] = []
    at = 0
    for start, end, forces in names:
        found += _scanned(text, at, start)
        at = end + 2 * text.startswith("'s", end)
        found.append(Token(TokenKind.NAME, text[start:at].lower(), start, at, forces=forces))
    found += _scanned(text, at, len(text))
    return tuple(_with_fractions(list(_with_cardinals(_without_notes(found), text)), text))


def _scanned(text: str, start: int, end: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, end):
        token = _token(match)
        is_dash = token.text == "-" and " " in text[match.start() - 1 : match.end() + 1]
        yield replace(token, text="–") if is_dash else token


def _token(match: re.Match[str]) -> Token:
    group, words = match.lastgroup, match[0].replace("—", "–")
    at = (words.lower(), match.start(), match.end())
    if group == "number":
        value = Fraction(re.sub(r"[,\s]", "", words))
        return Token(TokenKind.DECIMAL if "." in words else TokenKind.WHOLE, *at, value)
    if group == "part":
        value = Fraction(unicodedata.numeric(words)).limit_denominator(12)
        return Token(TokenKind.FRACTION, *at, value)
    if group == "word" and (roman := _roman(words)):
        return Token(TokenKind.WHOLE, *at, Fraction(roman))
    kinds = {"passed": TokenKind.PASSED, "unreadable": TokenKind.UNREADABLE, "word": TokenKind.WORD}
    return Token(kinds.get(group or "", TokenKind.SIGN), *at, is_capital=words[0].isupper())


def _roman(words: str) -> int:
    """The number that Roman letters say, from II to XXXIX; 0 where they say none."""
    if not _ROMAN.fullmatch(words):
        return 0
    values = [_LETTERS[letter] for letter in words]
    following = [*values[1:], 0]
    return sum(-a if a < b else a for a, b in zip(values, following, strict=True))


def _without_notes(found: list[Token]) -> list[Token]:
    """The tokens but for the marks of footnotes, which follow a word at once."""
    ends = {token.end for token in found}
    return [t for t in found if not (_is_note(t.text) and t.start in ends)]


def _is_note(text: str) -> bool:
    return bool(re.fullmatch(rf"[{_NOTE}*†‡§]+|\[\w{{1,3}}\]", text))


def _with_cardinals(found: list[Token], text: str) -> Iterator[Token]:
    """The tokens, with the words of each number as one."""
    at = 0
    while at < len(found):
        end, value = _cardinal(found, at)
        if end > at:
            yield _joined(found, at, end, text, TokenKind.WHOLE, value)
        elif (end := _compound_ordinal(found, at)) > at:
            is_part = at and _cardinal(found, at - 1)[0] == at  # 'one thirty-sixth'
            yield _joined(found, at, end, text, TokenKind.UNREADABLE if is_part else TokenKind.WORD)
        else:
            yield found[at]
            end = at + 1
        at = end


def _joined(
    found: list[Token], at: int, end: int, text: str, kind: TokenKind, value: Fraction = Fraction(0)
) -> Token:
    start, stop = found[at].start, found[end - 1].end
    return Token(kind, text[start:stop].lower(), start, stop, value)


def _word(found: list[Token], at: int) -> str:
    return (
        found[at].text
        if at < len(found) and found[at].kind in (TokenKind.WORD, TokenKind.SIGN)
        else ""
    )


def _cardinal(found: list[Token], at: int) -> tuple[int, Fraction]:
    """Where a number that begins at a token ends, and its value; the same place for none."""
    half = _half_dozen(found, at)
    if half > at:
        return half, Fraction(6)
    if _word(found, at) == "dozen" and _word(found, at - 1 if at else len(found)) in _BEFORE_DOZEN:
        return at + 1, Fraction(_GROUPS["dozen"])
    end, value = _leading(found, at)
    if end == at:
        return at, Fraction(0)
    while (group := _GROUPS.get(_word(found, end))) and not _is_share(found, end):
        value, end = value * group, end + 1
        if group >= 100:
            after, rest = _small(found, end + (_word(found, end) == "and"))
            if rest and rest < group:
                value, end = value + rest, after
    is_decimal = found[at].kind is TokenKind.DECIMAL and end == at + 1
    return (at, Fraction(0)) if is_decimal or value.denominator > 1 else (end, value)


def _is_share(found: list[Token], at: int) -> bool:
    """Whether a word such as 'score' is a noun of its own: 'one score of 17'."""
    is_one = _word(found, at - 1) in ("a", "one")
    return is_one and _word(found, at) == "score" and _word(found, at + 1) not in ("of", "")


def _half_dozen(found: list[Token], at: int) -> int:
    words = [_word(found, n) for n in range(at, at + 6)]
    for several in ("half a dozen", "half - a - dozen", "half dozen", "half - dozen",
                    "a half dozen", "a half - dozen"):  # fmt: skip
        parts = several.split()
        if words[: len(parts)] == parts:
            return at + len(parts)
    return at


def _leading(found: list[Token], at: int) -> tuple[int, Fraction]:
    """The first part of a number: figures, a word below a hundred, 'a' before 'dozen'."""
    if found[at].kind in (TokenKind.WHOLE, TokenKind.DECIMAL):
        return at + 1, found[at].value
    if _word(found, at) in ("a", "an") and _word(found, at + 1) in _GROUPS:
        return (at if _is_share(found, at + 1) else at + 1), Fraction(1)
    end, value = _small(found, at)
    return end, Fraction(value)


def _small(found: list[Token], at: int) -> tuple[int, int]:
    """A number below a hundred in words: 'seven', 'seventeen', 'twenty-two', 'twenty two'."""
    word = _word(found, at)
    if word in TENS:
        unit = at + 1 + (_word(found, at + 1) == "-")
        if _word(found, unit) in UNITS[1:10]:
            return unit + 1, _VALUES[word] + _VALUES[_word(found, unit)]
        if _word(found, unit) in ORDINALS:
            return at, 0
    return (at + 1, _VALUES[word]) if word in _VALUES else (at, 0)


def _compound_ordinal(found: list[Token], at: int) -> int:
    """Where an ordinal such as 'twenty-first' ends."""
    unit = at + 1 + (_word(found, at + 1) == "-")
    is_one = _word(found, at) in TENS and _word(found, unit) in ORDINALS
    return unit + 1 if is_one else at


def _with_fractions(found: list[Token], text: str) -> Iterator[Token]:
    """The tokens, with the words of each fraction as one: 'two-thirds', 'a quarter', 'half'."""
    at = 0
    while at < len(found):
        end = _fraction_end(found, at)
        if end > at:
            top = found[at].value if found[at].kind is TokenKind.WHOLE else Fraction(1)
            value = top / PARTS[found[end - 1].text]
            yield _joined(found, at, end, text, TokenKind.FRACTION, value)
        elif _word(found, at) == "half":
            yield replace(found[at], kind=TokenKind.FRACTION, value=Fraction(1, 2))
            end = at + 1
        else:
            yield found[at]
            end = at + 1
        at = end


def _fraction_end(found: list[Token], at: int) -> int:
    is_one = _word(found, at) in ("a", "an")
    if not is_one and found[at].kind is not TokenKind.WHOLE:
        return at
    top = Fraction(1) if is_one else found[at].value
    bottom = at + 1 + (_word(found, at + 1) == "-")
    part = _word(found, bottom)
    if part not in PARTS or not 0 < top < PARTS[part] or (part.endswith("s") and top == 1):
        return at
    after = _word(found, bottom + 1)
    is_ordinal = (
        part in ORDINALS
        and after.isalpha()
        and after not in FUNCTION_WORDS | {"more", "fewer"}
        and not after.endswith("ed")
    )
    return at if is_ordinal else bottom + 1
