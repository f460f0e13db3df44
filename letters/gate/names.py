"""Names of forces, their chief officers and local policing bodies, found in text.

Names are read from left to right, the longest first, so that 'Avon and Somerset Constabulary' is
never taken for 'Somerset'. They are found in any case, with accents and without. A force is also
known by what else recipients.yaml says it is called, and by its name without 'Police' and the like,
which may be its area alone; a body by its name or by an office that no other recipient's people
share; an officer by title and surname or by initials. All names are looked for at once by an
automaton (Aho and Corasick, 1975), so the work grows with the text, not with the names.
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from unicodedata import combining, normalize
from urllib.parse import urlsplit

from ahocorasick import Automaton

from letters.gate.report import TextBlock, comparable, hrefs
from letters.people import Person, Recipient

_ORGANISATION = (
    r"Police(?: Service| Force)?|Constabulary|Fire and Rescue(?: Service| Authority)?|"
    r"Ambulance Service"
)
_SHORT = re.compile(
    rf"(?:The )?(?:(?:Constabulary|Police) of (?:the )?)?(?P<area>.+?)(?: (?:{_ORGANISATION}))?"
)
"""A name without the words that most bodies share: "Kent" of "Kent Police"."""

_FURTHER_NORTH = re.compile(
    r"(?:\b(?:north|south|east|west|mid|central|greater|upper|lower|great|little|new|old|inner|"
    r"outer)(?:ern)?[ -]|\b(?:county|city|borough|district|university|bishop|archbishop|diocese|"
    r"duke|duchess|earl|royal county) of (?:the )?)$",
    re.IGNORECASE,
)
"""Words before an area's name that make it the name of another place, or of no force."""
_GOES_ON = re.compile(
    r"(?:'s?)? (?:County|Council|Borough|City|Fire|Ambulance|University|NHS|Hospitals?|College|"
    r"School|Cathedral|Airport|Prison|Crown|Magistrates|Courts?|Probation|Street|Road|Lane|Avenue|"
    r"House|Downs|Coast|Corporation|Combined|Authority|Coroner|Bridge|Station|Building)\b"
)
"""Words after an area's name that make it the name of another body, or of a place."""

_OFFICES = (
    "Chief Constable", "Deputy Chief Constable", "Assistant Chief Constable", "Commissioner",
    "Chief Officer", "Chief Fire Officer", "Commander", "CC", "DCC", "ACC",
)  # fmt: skip
"""Titles before a surname that only officers of this rank bear."""
_TITLES = ("Mr", "Mrs", "Ms", "Miss", "Mx", "Dr", "Professor")
"""Titles that anybody of that surname may bear."""


class NameKind(StrEnum):
    """Whose name it is."""

    FORCE = "force"
    OFFICER = "chief officer"
    BODY = "local policing body"
    ALLOWED = "named exception"


class Certainty(StrEnum):
    """Whether a text that a name is found in must mean whom it belongs to, and if not, why not."""

    SURE = "it is the name"
    AREA = "an area may be meant"
    PERSON = "somebody else may have that name"
    NEAR = "one letter is different"


@dataclass(frozen=True, slots=True)
class Name:
    """A name, in the form in which names are compared, and the ids of the forces it belongs to."""

    text: str
    kind: NameKind
    forces: frozenset[str]
    certainty: Certainty = Certainty.SURE


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name found in a text: as it is there, and with some words around it."""

    name: Name
    text: str
    words: str
    certainty: Certainty


LEAST_NEAR = 8
"""Characters of the shortest name that is looked for with a letter wrong: shorter ones are near to
other words."""


@dataclass(frozen=True, slots=True)
class _Folded:
    """A line without accents, in small letters, and where each character of it was before."""

    text: str
    places: tuple[int, ...] | None = None  # the same ones, where that is None

    @classmethod
    def of(cls, line: str) -> "_Folded":
        if line.isascii():
            return cls(line.lower())
        pairs = [
            (each, n)
            for n, char in enumerate(line)
            for each in normalize("NFKD", char).casefold()
            if not combining(each)
        ]
        return cls("".join(each for each, _ in pairs), tuple(n for _, n in pairs))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the line a part of the text was."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1


class Names:
    """Names to look for. The same name given twice belongs to the forces of both."""

    def __init__(self, names: Iterable[Name]) -> None:
        self._by_text: dict[str, Name] = {}
        for name in names:
            key = _Folded.of(name.text).text
            known = self._by_text.get(key, name)
            # What one of them is for sure, both are: 'Kent' that is also a name of its own.
            sure = known if known.certainty is Certainty.SURE else name
            both = known.forces | name.forces
            self._by_text[key] = Name(known.text, known.kind, both, sure.certainty)
        self._automaton = Automaton()
        for key in filter(None, self._by_text):
            self._automaton.add_word(key, key)
        self._automaton.make_automaton()
        self._near = _Near(key for key, name in self._by_text.items() if _may_be_near(name))
        # Most passages of a round's letters are the same in each.
        self._located = lru_cache(maxsize=4096)(self._find)

    def find(self, text: str) -> Iterator[FoundName]:
        """Every name in `text`, and every word or two that is a letter away from one, in order."""
        line = comparable(text)
        found = [(start, end, name, name.certainty) for start, end, name in self._located(line)]
        taken = [(start, end) for start, end, *_ in found]
        for start, end, key in self._near.find(line, taken):
            found.append((start, end, self._by_text[key], Certainty.NEAR))
        for start, end, name, certainty in sorted(found, key=lambda each: each[:2]):
            yield FoundName(name, line[start:end], _around(line, start, end), certainty)

    def located(self, line: str) -> tuple[tuple[int, int, frozenset[str]], ...]:
        """Where each name is in a comparable `line`, and the forces it belongs to."""
        return tuple((start, end, name.forces) for start, end, name in self._located(line))

    def _find(self, line: str) -> tuple[tuple[int, int, Name], ...]:
        """The names of a line, from left to right, the longest of those that begin together."""
        folded = _Folded.of(line)
        found = []
        for last, key in self._automaton.iter(folded.text) if len(self._automaton) else ():
            start, end = folded.span(last + 1 - len(key), last + 1)
            if _is_whole(line, start, end):
                name = self._by_text[key]
                if name.certainty is not Certainty.AREA or _is_area(line, start, end):
                    found.append((start, end, name))
        found.sort(key=lambda each: (each[0], -each[1]))
        kept: list[tuple[int, int, Name]] = []
        for each in found:
            if not kept or each[0] >= kept[-1][1]:
                kept.append(each)
        return tuple(kept)


def _is_whole(line: str, start: int, end: int) -> bool:
    """Whether a part of a line is of whole words: not 'Somerset' in 'Somersetshire'."""
    before, after = line[start - 1 : start], line[end : end + 1]
    if before and (before == "-" or before == "_" or before.isalnum()):
        return False
    if after == "-":
        return not line[end + 1 : end + 2].isupper()
    return not (after == "_" or after.isalnum())


def _is_area(line: str, start: int, end: int) -> bool:
    """Whether an area's name can be that of its force: 'Sussex', not 'West Sussex'."""
    return (
        line[start].isupper()
        and not _FURTHER_NORTH.search(line, 0, start)
        and not _GOES_ON.match(line, end)
    )


def _may_be_near(name: Name) -> bool:
    is_named = name.kind is not NameKind.ALLOWED and name.certainty is Certainty.SURE
    return is_named and len(name.text) >= LEAST_NEAR and " " in name.text


class _Near:
    """Names of which one letter is wrong, missing or too many, by what is left without a letter."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = dict.fromkeys(keys)
        self._names = tuple(self._keys)
        # A hash and the number of its name in one, in order: twenty times smaller than a dict.
        self._left = array(
            "Q",
            sorted(
                _short_hash(left) + n
                for n, key in enumerate(self._names)
                for left in _without_one(key)
            ),
        )
        self._sizes = sorted({key.count(" ") for key in self._keys})
        self._of = lru_cache(maxsize=4096)(self._known_by)

    def find(self, line: str, taken: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, str]]:
        """Where names that are not quite right are, which of them, outside what is `taken`."""
        words = list(_WORD.finditer(line)) if self._keys else []
        busy = list(taken)
        for n, first in enumerate(words):
            if not first[0][0].isupper():
                continue
            for size in reversed(self._sizes):
                if n + size >= len(words):
                    continue
                start, end = first.start(), words[n + size].end()
                end -= 2 * line.endswith("'s", start, end)
                if any(start < last and end > begin for begin, last in busy):
                    continue
                if key := self._of(line[start:end]):
                    busy.append((start, end))
                    yield start, end, key
                    break

    def _known_by(self, words: str) -> str:
        """The name that some words are a letter away from; "" for none, and for the name itself."""
        said = _Folded.of(words).text
        if said in self._keys:
            return ""
        for key in self._with_one_more(said):
            if said in _without_one(key):
                return key
        for left in _without_one(said):
            if left in self._keys:
                return left
            for key in self._with_one_more(left):
                if len(key) == len(said) and sum(map(str.__ne__, key, said)) == 1:
                    return key
        return ""

    def _with_one_more(self, text: str) -> Iterator[str]:
        """Names that are `text` once a letter is taken out, and by chance others."""
        first = _short_hash(text)
        for at in range(bisect_left(self._left, first), len(self._left)):
            if self._left[at] - first >= _NUMBERED:
                break
            yield self._names[self._left[at] - first]


_WORD = re.compile(r"[\w'-]*\w")
_NUMBERED = 2**24
"""Names that can be told apart: all that a country has of any kind of body."""


def _short_hash(text: str) -> int:
    """A hash of 40 bits, in the upper ones of 64."""
    return (hash(text) & 0xFF_FFFF_FFFF) * _NUMBERED


def _without_one(text: str) -> dict[str, None]:
    return dict.fromkeys(text[:n] + text[n + 1 :] for n in range(len(text)))


def short_name(name: str) -> str:
    """A force's name without the words that say what it is.

    >>> short_name("Avon and Somerset Constabulary")
    'Avon and Somerset'
    """
    match = _SHORT.fullmatch(comparable(name))
    return match["area"] if match else comparable(name)


def force_names(
    recipients: Iterable[Recipient], also: Mapping[str, Iterable[str]] | None = None
) -> Iterator[Name]:
    """The names of forces, whole and short, those their addressees go by, and what they are `also`
    called, by id. A short name that may be an area's is not sure.
    """
    for recipient in recipients:
        own = frozenset((recipient.id,))
        said = (person.organisation for person in recipient.addressees if person.organisation)
        called = also.get(recipient.id, ()) if also else recipient.also_known_as
        whole = dict.fromkeys(map(comparable, (recipient.name, *said, *called)))
        for text in whole:
            yield Name(text, NameKind.FORCE, own)
        if (short := short_name(recipient.name)) not in whole:
            yield Name(short, NameKind.FORCE, own, Certainty.AREA)


def officer_names(recipients: Iterable[Recipient]) -> Iterator[Name]:
    """The names of those the letters are written to, in the forms in which people write them."""
    for recipient in recipients:
        for person in recipient.addressees:
            if person.name:
                own = frozenset((recipient.id,))
                for text, certainty in _forms(person, recipient.salutation):
                    yield Name(comparable(text), NameKind.OFFICER, own, certainty)


def _forms(person: Person, salutation: Iterable[str]) -> Iterator[tuple[str, Certainty]]:
    assert person.name  # noqa: S101  (whoever asks has looked)
    *given, surname = person.name.split()
    yield person.name, Certainty.SURE
    yield from ((each, Certainty.SURE) for each in salutation if surname in each.split())
    offices = (*_OFFICES, *([person.office] if person.office else []))
    yield from ((f"{each} {surname}", Certainty.SURE) for each in offices)
    yield from ((f"{each} {surname}", Certainty.PERSON) for each in _TITLES)
    if first := [each[0] for each in given if each[0].isalpha()]:
        stopped = [f"{each}." for each in first]
        for initials in (first, stopped):
            for each in dict.fromkeys((initials[0], " ".join(initials), "".join(initials))):
                yield f"{each} {surname}", Certainty.PERSON


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


_AT = re.compile(r"\s*[\[({]\s*at\s*[\])}]\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*[\[({]\s*dot\s*[\])}]\s*", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_WEB = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"']+", re.IGNORECASE)


def addresses(spot: TextBlock) -> Iterator[str]:
    """Every e-mail and web address a reader of a block sees or is led to, each once.

    E-mail addresses are in lower case, also where they are written with '(at)' and '(dot)'; of web
    addresses the host, after '//'.
    """
    links = tuple(hrefs(spot.content))
    texts = [_DOT.sub(".", _AT.sub("@", text)) for text in (spot.text, *links)]
    found = [m[0].lower() for text in texts for m in _ADDRESS.finditer(text)]
    hosts = [_host(m[0]) for text in (spot.text, *links) for m in _WEB.finditer(text)]
    yield from dict.fromkeys((*found, *(f"//{host}" for host in hosts if host)))


def _host(address: str) -> str:
    try:
        return (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()
    except ValueError:  # not an address after all
        return ""


def holders(
    recipients: Iterable[Recipient], webs: Mapping[str, str] | None = None
) -> dict[str, frozenset[str]]:
    """The ids of the forces that each address, and each domain after its '@', belongs to.

    `webs` are web addresses of forces by their ids.
    """
    found: dict[str, frozenset[str]] = {}
    for id_, web in (webs or {}).items():
        if host := _host(web).removeprefix("www."):
            found[f"@{host}"] = found.get(f"@{host}", frozenset()) | {id_}
    for recipient in recipients:
        for person in (*recipient.addressees, *recipient.copied_to):
            if person.email:
                address = person.email.lower()
                for key in (address, domain(address)):
                    found[key] = found.get(key, frozenset()) | {recipient.id}
    return found


def strangers(address: str, known: Mapping[str, frozenset[str]], own: set[str]) -> frozenset[str]:
    """The forces an address belongs to, if none of them is among `own`.

    An address nobody is known by belongs to those who use its domain, or the domain that it is
    part of: 'mail.kent.example' is Kent's.
    """
    ids = known.get(address) or _users(address, known)
    return frozenset() if ids & own else ids


def _users(address: str, known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    labels = address.rpartition("@")[2].rpartition("//")[2].split(".")
    domains = (f"@{'.'.join(labels[n:])}" for n in range(len(labels) - 1))
    return next((known[each] for each in domains if each in known), frozenset())


def domain(address: str) -> str:
    """What is after the '@', with it."""
    return address[address.rindex("@") :]
