"""Names of forces, their chief officers and local policing bodies, found in text.

Names are read from left to right, the longest first, so that 'Avon and Somerset Constabulary' is
never taken for 'Somerset'. A force is also known by its name without 'Police' and the like, a
body by its name or by an office that no other recipient's people share.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from letters.gate.report import TextBlock, comparable, hrefs
from letters.model import Recipient

_ORGANISATION = (
    r"Police(?: Service| Force)?|Constabulary|Fire and Rescue(?: Service| Authority)?|"
    r"Ambulance Service"
)
_SHORT = re.compile(
    rf"(?:The )?(?:(?:Constabulary|Police) of (?:the )?)?(?P<area>.+?)(?: (?:{_ORGANISATION}))?"
)
"""A name without the words that most bodies share: "Kent" of "Kent Police"."""


class NameKind(StrEnum):
    """Whose name it is."""

    FORCE = "force"
    OFFICER = "chief officer"
    BODY = "local policing body"
    ALLOWED = "named exception"


@dataclass(frozen=True, slots=True)
class Name:
    """A name, in the form in which names are compared, and the ids of the forces it belongs to."""

    text: str
    kind: NameKind
    forces: frozenset[str]


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name found in a text, and some words around it."""

    name: Name
    words: str


class Names:
    """Names to look for. The same name given twice belongs to the forces of both."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_text: dict[str, Name] = {}
        for name in names:
            known = self._by_text.get(name.text, name)
            both = known.forces | name.forces
            self._by_text[name.text] = Name(name.text, known.kind, both)
        longest_first = sorted(self._by_text, key=len, reverse=True)
        names_pattern = "|".join(map(re.escape, longest_first)) or r"(?!)"
        self._pattern = re.compile(rf"(?<![\w-])(?:{names_pattern})(?!\w|-[A-Z])")

    def find(self, text: str) -> Iterator[FoundName]:
        """Every name in `text`, in reading order."""
        line = comparable(text)
        for match in self._pattern.finditer(line):
            yield FoundName(self._by_text[match[0]], _around(line, match.start(), match.end()))

    def located(self, line: str) -> tuple[tuple[int, int, frozenset[str]], ...]:
        """Where each name is in a comparable `line`, and the forces it belongs to."""
        found = self._pattern.finditer(line)
        return tuple((m.start(), m.end(), self._by_text[m[0]].forces) for m in found)


def short_name(name: str) -> str:
    """A force's name without the words that say what it is.

    >>> short_name("Avon and Somerset Constabulary")
    'Avon and Somerset'
    """
    match = _SHORT.fullmatch(comparable(name))
    return match["area"] if match else comparable(name)


def force_names(recipients: Iterable[Recipient]) -> Iterator[Name]:
    """The names of forces, whole and short, and those their addressees go by."""
    for recipient in recipients:
        own = frozenset((recipient.id,))
        also = (person.organisation for person in recipient.addressees if person.organisation)
        for text in dict.fromkeys((recipient.name, *also)):
            yield Name(comparable(text), NameKind.FORCE, own)
        yield Name(short_name(recipient.name), NameKind.FORCE, own)


def officer_names(recipients: Iterable[Recipient]) -> Iterator[Name]:
    """The names of those the letters are written to, and greetings that hold their surname."""
    for recipient in recipients:
        own = frozenset((recipient.id,))
        for person in recipient.addressees:
            if person.name:
                yield Name(comparable(person.name), NameKind.OFFICER, own)
                surname = person.name.split()[-1]
                greetings = (each for each in recipient.salutation if surname in each.split())
                yield from (Name(comparable(each), NameKind.OFFICER, own) for each in greetings)


def body_names(recipients: Iterable[Recipient]) -> Iterator[Name]:
    """The people, offices and organisations that letters are copied to, where they are telling."""
    several = tuple(recipients)
    common = _common_offices(several)
    for recipient in several:
        own = frozenset((recipient.id,))
        for copy in recipient.copied_to:
            if copy.name:
                yield Name(comparable(copy.name), NameKind.BODY, own)
            for text in filter(None, (copy.office, copy.organisation)):
                if comparable(text) not in common:
                    yield Name(comparable(text), NameKind.BODY, own)


def _common_offices(recipients: tuple[Recipient, ...]) -> frozenset[str]:
    """Offices that several hold, or that are part of another's: 'Police and Crime Commissioner'."""
    holders: dict[str, set[str]] = {}
    for recipient in recipients:
        for person in (*recipient.addressees, *recipient.copied_to):
            if person.office:
                holders.setdefault(comparable(person.office), set()).add(recipient.id)
    return frozenset(
        office
        for office, ids in holders.items()
        if len(ids) > 1 or any(office != other and office in other for other in holders)
    )


def _around(line: str, start: int, end: int) -> str:
    """The words around a place in a line, so that a person finds it."""
    before, after = line[:start].split(" ")[-5:], line[end:].split(" ")[:5]
    cut = "… " if len(line[:start].split(" ")) > 5 else ""
    more = " …" if len(line[end:].split(" ")) > 5 else ""
    return f"{cut}{' '.join(before)}{line[start:end]}{' '.join(after)}{more}"


_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def addresses(spot: TextBlock) -> Iterator[str]:
    """Every e-mail address a reader of a block sees or is led to, in lower case, each once."""
    texts = (spot.text, *hrefs(spot.content))
    yield from dict.fromkeys(m[0].lower() for text in texts for m in _ADDRESS.finditer(text))


def holders(recipients: Iterable[Recipient]) -> dict[str, frozenset[str]]:
    """The ids of the forces that each address, and each domain after its '@', belongs to."""
    found: dict[str, frozenset[str]] = {}
    for recipient in recipients:
        for person in (*recipient.addressees, *recipient.copied_to):
            if person.email:
                address = person.email.lower()
                for key in (address, domain(address)):
                    found[key] = found.get(key, frozenset()) | {recipient.id}
    return found


def strangers(address: str, known: Mapping[str, frozenset[str]], own: set[str]) -> frozenset[str]:
    """The forces an address belongs to, if none of them is among `own`.

    An address nobody is known by belongs to those who use its domain.
    """
    ids = known.get(address) or known.get(domain(address)) or frozenset()
    return frozenset() if ids & own else ids


def domain(address: str) -> str:
    """What is after the '@', with it."""
    return address[address.rindex("@") :]
