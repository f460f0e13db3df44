"""House style: the words that letters say and those they do not, from when and until when.

`style.yaml` beside the wording holds it, in an editor's terms. It is asked of every letter's words
as they are printed, so that a fault is found in `check`, in the preview and before any is made.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from letters.document import (
    Block,
    Emphasis,
    Inline,
    Link,
    Strong,
    Text,
    contents,
    walk,
    without_accents,
)
from letters.errors import Place, Problem
from letters.files import relative
from letters.model import FieldType, Letter, Round
from letters.people import Model, Person
from letters.people import Text as Words
from letters.project.shapes import fit
from letters.project.values import MONTHS, is_between, written
from letters.sources.yamls import read_yaml

STYLE = "style.yaml"

QUOTED = re.compile(
    r"“(?P<double>[^”]*)”"
    r"|‘(?P<single>.*?)’(?!\w)"
    r"|\"(?P<straight>[^\"]*)\""
    r"|(?<!\w)'(?P<apostrophes>.*?)'(?!\w)"
)
"""Words between quotation marks of a pair; an apostrophe inside a word ends nothing."""
_ADDRESSES = re.compile(r"[\w.+'-]+@[\w.-]+\w|(?:https?://|www\.)\S+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z])")
_TIME = re.compile(
    rf"(?:(?:\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)? )?\b(?P<month>{'|'.join(MONTHS)}) )?"
    r"\b(?P<year>(?:1[89]|20)\d\d)\b"
)
"""A day, a month or a year in running text."""
LEFT_OUT = " ~ "
"""Stands for quotations, titles and addresses, whose words are others'."""


class StyleTerm(Model):
    """A term of the house style."""

    say: Words = Field(description="What letters say, such as HMICFRS.")
    not_: tuple[Words, ...] = Field(
        min_length=1, description="What they do not say, to the letter; a list for several."
    )
    from_: date | None = Field(None, description="The first day it is so; always unless given.")
    until: date | None = Field(None, description="The last day it is so.")
    why: Words | None = Field(None, description="Why, in a few words, for people.")
    except_: tuple[Words, ...] = Field(
        (), description="Longer words that may hold it all the same, such as a name."
    )


class HouseStyle(Model):
    """The house style of a wording, as `style.yaml` holds it."""

    id: str = Field("", exclude=True)
    terms: tuple[StyleTerm, ...] = Field((), description="Terms, each with what is said instead.")
    registered_names: bool = Field(
        False, description="Names are printed with the accents of recipients.yaml and round.yaml."
    )
    numbers_in_words: bool = Field(
        False, description="Whole numbers from one to nine are written in words."
    )
    dashes: bool = Field(False, description="A dash is – between spaces, not - or --.")
    that_and_which: bool = Field(False, description="'Which' follows a comma or a preposition.")


def read_style(folder: Path, root: Path, problems: list[Problem]) -> HouseStyle:
    """The house style in a wording's folder; one without rules where there is none."""
    path = folder / STYLE
    if not path.exists():
        return HouseStyle()
    node = read_yaml(path, root, problems)
    if node is None:
        return HouseStyle()
    return (
        fit(node, HouseStyle, "style", Place(relative(path, root), 1), problems)[0] or HouseStyle()
    )


def style_problems(style: HouseStyle, letter: Letter, blocks: Iterable[Block]) -> Iterator[Problem]:
    """What in a letter's blocks breaks the house style, at the line or cell it was written in."""
    names = _accented(letter) if style.registered_names else ()
    fields = letter.round.fields.items()
    numbers = frozenset(name for name, each in fields if each.type is FieldType.NUMBER)
    for met in walk(blocks):
        if met.is_quoted:
            continue
        here = Place(met.block.origin.file, met.block.origin.line)
        for content in contents(met.block):
            for words, what, fix in _faults(
                style, _own_words(content, numbers), letter.sent, names
            ):
                yield Problem(_place_of(words, content, letter, here), what, fix)


def text_problems(style: HouseStyle, round_: Round) -> Iterator[Problem]:
    """The same in what round.yaml says of the round in public."""
    texts = [("title", round_.title), *(("summary", each) for each in round_.summary)]
    texts += [("outcomes", title) for title in round_.outcomes.values()]
    for key, text in texts:
        for _, what, fix in _faults(style, QUOTED.sub(LEFT_OUT, text), round_.sent, ()):
            yield Problem(Place(f"rounds/{round_.id}/round.yaml", field=key), what, fix)


def _place_of(words: str, content: Iterable[Inline], letter: Letter, here: Place) -> Place:
    """Where words were written: the record, if one of its plain values holds them."""
    for inline in content:
        if isinstance(inline, Text) and inline.field in letter.places and words in inline.text:
            return letter.places[inline.field]
    return here


def _own_words(content: Iterable[Inline], numbers: Collection[str]) -> str:
    """What a passage says itself: without quotations, titles in italics, and addresses.

    Nor with what number fields print, which is always in figures.
    """
    text = QUOTED.sub(LEFT_OUT, "".join(_said(each, numbers) for each in content))
    return _ADDRESSES.sub(LEFT_OUT, text)


def _said(inline: Inline, numbers: Collection[str]) -> str:
    match inline:
        case Text(text, field):
            return LEFT_OUT if field in numbers else text
        case Emphasis():
            return LEFT_OUT
        case Strong(content) | Link(_, content):
            return "".join(_said(each, numbers) for each in content)
    return " "


Fault = tuple[str, str, str]
"""The words at fault, what is wrong with them, and what to do."""


def _faults(style: HouseStyle, text: str, day: date, names: Iterable[str]) -> Iterator[Fault]:
    rules = [rule for rule in style.terms if is_between(rule.from_, day, rule.until)]
    for sentence in _SENTENCE_END.split(text) if rules else ():
        for rule in rules:
            yield from _terms(rule, sentence)
    for name in names:
        yield from _without_accents(name, text)
    checks = (
        (style.numbers_in_words, _FIGURE, "'{}' is in figures.", "Write it in words."),
        (style.dashes, _HYPHEN, "'{}' stands for a dash.", "Write – with a space on each side."),
        (style.that_and_which, _WHICH, "'{}' limits what it follows.", "Write 'that', or a comma."),
    )
    for is_asked, pattern, what, fix in checks:
        for match in pattern.finditer(text) if is_asked else ():
            words = match[0].strip()
            yield words, what.format(words), fix


def _terms(rule: StyleTerm, sentence: str) -> Iterator[Fault]:
    """Where a sentence says what it should not; of the time before the rule it may."""
    if rule.from_ and any(_is_before(rule.from_, said) for said in _TIME.finditer(sentence)):
        return
    for each in rule.except_:
        sentence = sentence.replace(each, LEFT_OUT)
    for wrong in rule.not_:
        if match := _pattern(wrong).search(sentence):
            since = f", since {written(rule.from_)}" if rule.from_ else ""
            why = f" ({rule.why.rstrip('.')})" if rule.why else ""
            what = f"The house style is '{rule.say}', not '{match[0]}'{since}{why}."
            yield match[0], what, f"Write '{rule.say}'."


def _is_before(first: date, said: re.Match[str]) -> bool:
    """Whether a time named in a sentence is before a day, as far as it is told."""
    parts = [int(said["year"])]
    if said["month"]:
        parts += [MONTHS.index(said["month"]) + 1, *([int(said["day"])] if said["day"] else [])]
    return parts < [first.year, first.month, first.day][: len(parts)]


@lru_cache(maxsize=512)
def _pattern(words: str) -> re.Pattern[str]:
    """Whole words, with apostrophes of either form and any spaces."""
    pieces = r"\s+".join(re.sub(r"['’]", "['’]", re.escape(word)) for word in words.split())
    return re.compile(rf"(?<![\w-]){pieces}(?![\w-])")


_MEASURED = (
    r"per cent|pm|am|January|February|March|April|May|June|July|August|September|October|November|"
    r"December"
)
_REFERENCES = ("age", "page", "figure", "table", "section", "chapter", "annex", "paragraph")
_FIGURE = re.compile(
    rf"(?<![\w.,:/£$€=+*–-]){''.join(f'(?<!{word} )' for word in _REFERENCES)}[1-9]"
    rf"(?![\w%:/=+*–-]|[.,]\d| (?:{_MEASURED})\b)",
    re.IGNORECASE,
)
"""A digit by itself: no part of a date, time, sum, reference, range or share."""
_HYPHEN = re.compile(r"(?<=\S) --? (?=\S)|(?<=\w)--(?=\w)")
_WHICH = re.compile(
    r"(?<![,;:(–] )\b(?!(?:in|of|to|for|on|at|by|with|from|under|into|about|through|during|after|"
    r"before|and|or|but|know|knows|decide|decides|see|ask|asks|say|says|tell|tells|show|shows)\b)"
    r"[A-Za-z]+ which\b"
)
"""'Which' straight after a word that is no preposition, and after no comma."""


def _accented(letter: Letter) -> tuple[str, ...]:
    """The names of those a letter is to, from and about that have accents."""
    people: list[Person] = []
    for recipient in letter.recipients:
        people += (*recipient.addressees, *recipient.copied_to)
    contact = (letter.round.contact.name,) if letter.round.contact else ()
    names = (
        *(recipient.name for recipient in letter.recipients),
        *(each.name for each in people if each.name),
        *(each.organisation for each in people if each.organisation),
        *(each.name for each in letter.round.signatories.values()),
        *contact,
        letter.round.sender.name,
    )
    return tuple(name for name in dict.fromkeys(names) if without_accents(name) != name)


def _without_accents(name: str, text: str) -> Iterator[Fault]:
    if text.isascii() or name not in text:
        wrong = without_accents(name)
        if _pattern(wrong).search(text):
            yield wrong, f"'{wrong}' is registered as '{name}'.", f"Write '{name}'."
