"""What is wrong with a YAML file's writing, in plain words."""

from __future__ import annotations

import re
from dataclasses import replace

import yaml

from letters.errors import Place, Problem
from letters.sources.texts import RETYPE, code_point

# What PyYAML refuses to read at all (YAML 1.1, section 5.1), and what it takes for line ends.
_UNREADABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_BEYOND = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")

_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        r"mapping values are not allowed",
        "A ': ' stands inside a value here, or the line is indented wrongly.",
        "Put the value in quotes, or indent the line as its neighbours.",
    ),
    (r"character '\\t'", "A tab stands where spaces must.", "Indent with spaces."),
    (
        r"character '(?P<character>.+)' that cannot start",
        "A value may not begin with '{character}'.",
        "Put the value in quotes.",
    ),
    (
        r"could not find expected ':'",
        "This line is neither 'key: value' nor '- value'.",
        "Put ': ' after its key, or indent it under the text it continues.",
    ),
    (
        r"unexpected end of stream|unexpected document separator",
        "A quotation mark is opened here and not closed.",
        "Close it; inside single quotes, write an apostrophe twice.",
    ),
    (
        r"sequence entries are not allowed",
        "A '- ' stands where no list can begin.",
        "Begin the list on the next line, or put the value in quotes.",
    ),
    (r"expected ',' or", "A '[' or '{{' is opened and not closed.", "Close it, or use quotes."),
    (
        r"unknown escape character '(?P<character>.+)'",
        "'\\{character}' has no meaning in double quotes.",
        "Use single quotes, or write each backslash twice.",
    ),
    (
        r"expected <block end>|expected '<document start>'|did not find expected",
        "This line does not fit those above it.",
        "Indent it as its neighbours, and put values that hold quotation marks in quotes.",
    ),
)

_AT_BEGINNING = re.compile(r"expected ':'|end of stream|document separator|expected ',' or")


class Unreadable(Exception):  # noqa: N818  (never leaves this room)
    """A fault after which the rest of the file cannot be understood."""

    def __init__(self, place: Place, what: str, fix: str) -> None:
        self.problem = Problem(place, what, fix)
        super().__init__(str(self.problem))


def printable(text: str, place: Place, problems: list[Problem]) -> bool:
    """Whether YAML can hold `text`; each line with a control character is a problem."""
    found = False
    for number, line in enumerate(text.split("\n"), 1):
        if match := _UNREADABLE.search(line):
            found = True
            what = f"The line holds the control character {code_point(match[0])}."
            problems.append(Problem(replace(place, line=number), what, RETYPE))
    return not found


def syntax_fault(error: yaml.MarkedYAMLError, place: Place) -> Problem:
    """PyYAML's complaint, located where the cause stands and said in plain words."""
    said = error.problem or ""
    mark = error.problem_mark or error.context_mark
    if error.context_mark and _AT_BEGINNING.search(said):
        mark = error.context_mark
    here = replace(place, line=mark.line + 1 if mark else 1)
    for pattern, what, fix in _WORDS:
        if match := re.search(pattern, said):
            return Problem(here, what.format(**match.groupdict()), fix)
    return Problem(here, f"YAML cannot be read here: {said}.", "Compare with the lines around it.")


def escape_fault(text: str, place: Place) -> Problem:
    """An escape such as `\\UFFFFFFFF` in double quotes, which names no character."""
    match = _BEYOND.search(text)
    line = text.count("\n", 0, match.start()) + 1 if match else 1
    what = f"'{match[0] if match else chr(92)}' names no character."
    return Problem(replace(place, line=line), what, "Use single quotes, or correct the number.")
