"""YAML to a tree of text with places. No type is guessed: `NO`, `012` and `1.10` stay text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from letters.errors import Place, Problem
from letters.files import relative
from letters.sources.tables import RETYPE, checked, code_point, read_once, read_text, too_long

# What PyYAML refuses to read at all (YAML 1.1, section 5.1), and what it takes for line ends.
_UNREADABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_BEYOND = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")

_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        r"mapping values are not allowed",
        "A ': ' is inside a value here, or the line is indented wrongly.",
        "Put the value in quotes, or indent the line as its neighbours.",
    ),
    (r"character '\\t'", "A tab is where spaces must.", "Indent with spaces."),
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
        "A '- ' is where no list can begin.",
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
"""Complaints whose cause is where the block began, not where reading stopped."""


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


_FAST = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""libyaml reads ten times as fast, but tells less of what is wrong."""

_ODD = re.compile(
    r"[\t\x85\u2028\u2029\ufeff]|^%|[|>][-+\d]*#|(?:^|\s)[?](?:\s|$)",
    re.MULTILINE,
)
"""Tabs, odd line ends, directives, comments at a block's head and keys marked `?`: see below."""
_QUESTION = re.compile(r"^.*[?].*$", re.MULTILINE)
"""What libyaml takes otherwise than PyYAML's own reader; also a question mark beside brackets."""

DEEPEST = 12
"""Levels of nesting a file may have; no file of a project needs half of them."""


@dataclass(frozen=True)
class Node:
    """A value of a YAML file and where it stands.

    Text is as written, without quotes; an empty value is the empty text. `place.line` of a block
    text is its first line of text. `place.field` is the path of keys, such as
    `kent.addressees`. `keys` holds the place of each key of a mapping.
    """

    value: str | list[Node] | dict[str, Node]
    place: Place
    keys: Mapping[str, Place] = field(default_factory=dict)

    @property
    def text(self) -> str | None:
        """The value if it is text, else None."""
        return self.value if isinstance(self.value, str) else None

    @property
    def entries(self) -> Mapping[str, Node]:
        """The value if it is a mapping, else an empty one."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> tuple[Node, ...]:
        """The value if it is a list, else nothing."""
        return tuple(self.value) if isinstance(self.value, list) else ()


def read_yaml(path: Path, root: Path, problems: list[Problem], *, fast: bool = True) -> Node | None:
    """The tree of the YAML file at `path`; None where it cannot be read at all.

    Keys written twice, anchors, aliases, tags, merge keys and more than one document are
    refused; so is a plain `null` or `~`, which could be meant as text or as nothing. Without
    `fast`, PyYAML's own reader reads it all; the tree is the same.
    """
    text = read_text(path, root, problems)
    if text is None:
        return None
    place = Place(relative(path, root))
    return read_once(path, text, problems, lambda own: _node(text, place, own, fast))


def _node(text: str, place: Place, problems: list[Problem], fast: bool) -> Node | None:
    if not printable(text, place, problems):
        return None
    node = _plain_node(text, place, problems) if fast else None
    return node or _any_node(text, place, problems)


def _plain_node(text: str, place: Place, problems: list[Problem]) -> Node | None:
    """The tree of a text without fault, read fast; None where it needs a second look."""
    found: list[Problem] = []
    if _ODD.search(text) or any(set("[]{}") & set(row) for row in _QUESTION.findall(text)):
        return None
    try:
        node = _NodeReader(text, place, found, _FAST).read()
    except (yaml.YAMLError, ValueError, Unreadable):
        return None
    problems += found
    return node


def _any_node(text: str, place: Place, problems: list[Problem]) -> Node | None:
    """The tree of a text, read by the reader that says best what is wrong."""
    try:
        return _NodeReader(text, place, problems, yaml.SafeLoader).read()
    except yaml.MarkedYAMLError as error:
        problems.append(syntax_fault(error, place))
    except (ValueError, OverflowError):  # PyYAML passes an escape beyond Unicode to chr()
        problems.append(escape_fault(text, place))
    except Unreadable as fault:
        problems.append(fault.problem)
    return None


class _NodeReader:
    def __init__(
        self,
        text: str,
        place: Place,
        problems: list[Problem],
        loader: type[yaml.SafeLoader | yaml.CSafeLoader],
    ) -> None:
        self.events: Iterator[yaml.Event] = iter(yaml.parse(text, Loader=loader))
        self.place = place
        self.problems = problems

    def read(self) -> Node:
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            raise Unreadable(self.place, "The file is empty.", "Write its content, or restore it.")
        root = self.node(next(self.events), "", 0)
        next(self.events)
        extra = next(self.events)
        if isinstance(extra, yaml.DocumentStartEvent):
            raise Unreadable(
                self.at(extra), "A second document begins here.", "Delete the line '---'."
            )
        return root

    def at(self, event: yaml.Event, path: str = "") -> Place:
        mark = event.start_mark
        return Place(self.place.file, mark.line + 1 if mark else 1, field=path)

    def node(self, event: yaml.Event, path: str, depth: int) -> Node:
        self.refuse_references(event, path)
        if depth > DEEPEST:
            raise Unreadable(
                self.at(event), "Values are nested too deeply here.", "Write them flatter."
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(event, path, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, path, depth)
        assert isinstance(event, yaml.ScalarEvent)  # noqa: S101  (no other event begins a value)
        return self.scalar(event, path)

    def refuse_references(self, event: yaml.Event, path: str) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise Unreadable(
                self.at(event, path),
                f"'*{event.anchor}' repeats another value.",
                "Write the value out, or put text that begins with '*' in quotes.",
            )
        if anchor := getattr(event, "anchor", None):
            raise Unreadable(
                self.at(event, path),
                f"'&{anchor}' marks a value for repetition.",
                "Delete the mark, or put text that begins with '&' in quotes.",
            )
        if tag := getattr(event, "tag", None):
            raise Unreadable(
                self.at(event, path),
                f"'{tag.replace('tag:yaml.org,2002:', '!!')}' is a YAML tag.",
                "Delete the tag, or put text that begins with '!' in quotes.",
            )

    def sequence(self, event: yaml.Event, path: str, depth: int) -> Node:
        items = []
        while not isinstance(inner := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(inner, path, depth + 1))
        return Node(items, self.at(event, path))

    def mapping(self, event: yaml.Event, path: str, depth: int) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        while not isinstance(key_event := next(self.events), yaml.MappingEndEvent):
            key, place = self.key(key_event, path)
            value = self.node(next(self.events), f"{path}.{key}".lstrip("."), depth + 1)
            if key in keys:
                self.problems.append(_twice(key, place, keys[key]))
            else:
                entries[key], keys[key] = value, place
        return Node(entries, self.at(event, path), keys)

    def key(self, event: yaml.Event, path: str) -> tuple[str, Place]:
        self.refuse_references(event, path)
        place = self.at(event, path)
        if not isinstance(event, yaml.ScalarEvent):
            raise Unreadable(
                place,
                "A key must be text.",
                "Put a value that begins with '{' or '[' in quotes.",
            )
        if event.value == "<<":
            raise Unreadable(place, "'<<' merges other values.", "Write the values out.")
        return checked(event.value, place, self.problems), place

    def scalar(self, event: yaml.ScalarEvent, path: str) -> Node:
        place = self.at(event, path)
        if event.style in ("|", ">"):
            place = replace(place, line=place.line + 1)
        if not event.style and event.value.lower() in ("null", "~"):
            self.problems.append(_null(event.value, place))
            return Node("", place)
        if fault := too_long(event.value):
            self.problems.append(Problem(place, *fault))
            return Node("", place)
        return Node(checked(event.value, place, self.problems), place)


def _twice(key: str, place: Place, first: Place) -> Problem:
    return Problem(
        place,
        f"The key '{key}' is there twice, on lines {first.line} and {place.line}.",
        "Delete one of them.",
    )


def _null(text: str, place: Place) -> Problem:
    return Problem(
        place,
        f"'{text}' may be meant as text or as nothing.",
        "Put it in quotes if it is text; else leave the value empty.",
    )


WIDEST = 100_000  # characters of a line; nothing is folded


class _Indented(yaml.SafeDumper):
    """Writes lists as people do: indented under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def yaml_text(content: object) -> str:
    """Write plain content as YAML: keys in their order, a text on one line."""
    text: str = yaml.dump(
        content, Dumper=_Indented, allow_unicode=True, sort_keys=False, width=WIDEST
    )
    return text
