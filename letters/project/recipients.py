"""Who gets letters: `recipients.yaml`; and registers, sourced lists of who there was on a day, to
hold a round's recipients against.

`recipients.yaml` is the file being edited: who is deleted there is missed by no one. A register is
not edited for a round. The tool brings some; a project keeps its own in `registers/`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

from pydantic import Field

from letters.document import as_read, without_accents
from letters.errors import Place, Problem, did_you_mean, some, until_too_many
from letters.files import FILE, REGISTERS, files_in, name_fault, relative
from letters.model import Round
from letters.people import Model, Recipient, Text
from letters.project.approvals_file import SignedLetter
from letters.project.references import Dangling
from letters.project.shapes import fit
from letters.project.values import is_between, listed, written
from letters.sources.yamls import Node, read_yaml


@dataclass(frozen=True, slots=True)
class Recipients:
    """The sound recipients by id, where each stands, and whether the file could be read."""

    by_id: Mapping[str, Recipient]
    places: Mapping[str, Place]
    is_known: bool
    faulty: Mapping[str, Problem] = field(default_factory=dict)
    """Those too faulty for a letter, by id, each with the first of its problems."""

    def addressed(self) -> Recipients:
        """The same as letters know them: without what else they are called, which none prints."""
        plain = {"also_known_as": ()}
        by_id = {id_: each.model_copy(update=plain) for id_, each in self.by_id.items()}
        return replace(self, by_id=by_id)

    def as_signed(self, signed: Mapping[str, SignedLetter]) -> Recipients:
        """The same, but those of approved letters as they were then, also if they are gone now."""
        then = {id_: each for entry in signed.values() for id_, each in entry.recipients.items()}
        places = {id_: e.place for e in signed.values() for id_ in e.recipients}
        by_id = {**self.by_id, **then}
        faulty = {id_: why for id_, why in self.faulty.items() if id_ not in by_id}
        return Recipients(by_id, {**places, **self.places}, self.is_known, faulty)


def read_recipients(root: Path, problems: list[Problem]) -> Recipients:
    """Every recipient that is sound enough for a letter; all that is wrong is a problem."""
    node = read_yaml(root / FILE, root, problems)
    if node is None:
        return Recipients({}, {}, is_known=False)
    if not isinstance(node.value, dict):
        what = "The file must hold each recipient under its id."
        problems.append(Problem(node.place, what, "Write 'kent:', and its keys indented under it."))
        return Recipients({}, {}, is_known=False)
    by_id: dict[str, Recipient] = {}
    faulty: dict[str, Problem] = {}
    for id_, entry in until_too_many(node.value.items(), problems, FILE):
        if fault := name_fault(id_):
            problems.append(Problem(node.keys[id_].at(id_), *fault))
            continue
        before = len(problems)
        if recipient := _recipient(id_, entry, node, problems):
            by_id[id_] = recipient
        elif len(problems) > before:
            faulty[id_] = problems[before]
    places = {id_: place.at(id_) for id_, place in node.keys.items()}
    return Recipients(by_id, places, True, faulty)


def _recipient(id_: str, entry: Node, node: Node, problems: list[Problem]) -> Recipient | None:
    return fit(entry, Recipient, id_, node.keys[id_].at(id_), problems)[0]


class RegisterEntry(Model):
    """One body of a register."""

    name: Text = Field(description="Its name, as letters print it.")
    kind: Text | None = Field(None, description="What kind of body it is.")
    from_: date | None = Field(None, description="Its first day; always unless given.")
    until: date | None = Field(None, description="Its last day.")
    also_known_as: tuple[Text, ...] = Field((), description="Other names and abbreviations.")
    web: Text | None = Field(None, description="Its web address.")
    source: Text | None = Field(None, description="Where that is from, if not where all is.")

    @property
    def names(self) -> tuple[str, ...]:
        """Its name and what else it is called."""
        return (self.name, *self.also_known_as)


class Register(Model):
    """A list of bodies with its source, as a file of `registers/` holds it."""

    id: str = Field("", exclude=True)
    title: Text = Field(description="What the register lists, for people.")
    source: Text = Field(description="Where it was taken from, for people.")
    entries: tuple[RegisterEntry, ...] = Field(min_length=1, description="Those it lists.")

    def on(self, day: date) -> tuple[RegisterEntry, ...]:
        """Those who were there on a day."""
        return tuple(each for each in self.entries if is_between(each.from_, day, each.until))


def known_registers(root: Path) -> dict[str, Path]:
    """The registers of a project and those that the tool brings, by name; its own go first."""
    with as_file(files("letters.project") / REGISTERS) as shipped:
        found = {path.stem: path for path in files_in(shipped) if path.suffix == ".yaml"}
    own = root / REGISTERS
    mine = files_in(own) if own.is_dir() else []
    return found | {path.stem: path for path in mine if path.suffix == ".yaml"}


def read_register(path: Path, root: Path, problems: list[Problem]) -> Register | None:
    """A register; None where its file is too faulty. What is wrong with it is a problem."""
    if not path.is_relative_to(root):
        return _shipped(path)
    node = read_yaml(path, root, problems)
    if node is None:
        return None
    return fit(node, Register, path.stem, Place(relative(path, root), 1), problems)[0]


@lru_cache(maxsize=8)
def _shipped(path: Path) -> Register | None:
    node = read_yaml(path, path.parent, [])
    return fit(node, Register, path.stem, Place(path.name, 1), [])[0] if node else None


def day_of(round_: Round) -> date:
    """The day on which a round's recipients are held against its register."""
    return (round_.register_.date_ if round_.register_ else None) or round_.sent


def unregistered(
    round_: Round, root: Path, recipients: Mapping[str, Recipient], problems: list[Problem]
) -> Iterator[Dangling]:
    """Those of the register whom a round lacks, and recipients that it does not have so.

    A round that lists its own `recipients` need not write to all.
    """
    if round_.register_ is None:
        return
    known = known_registers(root)
    if (name := round_.register_.name) not in known:
        what = f"There is no register '{name}'."
        yield Dangling(("register", "name"), what, listed(tuple(known), name))
        return
    register = read_register(known[name], root, problems)
    if register is None:
        return
    there, day = register.on(day_of(round_)), written(day_of(round_))
    matched = _matched(there, recipients)
    for id_, recipient in recipients.items():
        entry = matched.get(id_)
        if entry is None:
            what = f"'{recipient.name}' is not among {_lower(register.title)} on {day}."
            fix = did_you_mean(recipient.name, [each.name for each in there])
            yield Dangling(("register",), what, fix or "Correct the name in recipients.yaml.")
        elif recipient.name != entry.name and _folded(recipient.name) == _folded(entry.name):
            what = f"'{recipient.name}' is registered as '{entry.name}'."
            yield Dangling(("register",), what, "Write it so in recipients.yaml.")
    found = {each.name for each in matched.values()}
    missing = [each.name for each in there if each.name not in found]
    if missing and round_.recipients is None:
        what = f"{len(missing)} of {_lower(register.title)} on {day} get no letter:"
        what = f"{what} {some(missing)}."
        fix = "Add them to recipients.yaml, or list those it concerns: 'recipients'."
        yield Dangling(("register",), what, fix)


def entries_of(
    round_: Round, root: Path, recipients: Mapping[str, Recipient]
) -> dict[str, RegisterEntry]:
    """The entry of each recipient in the round's register, by the recipient's id."""
    path = known_registers(root).get(round_.register_.name) if round_.register_ else None
    register = read_register(path, root, []) if path else None
    return _matched(register.on(day_of(round_)), recipients) if register else {}


def _matched(
    there: Iterable[RegisterEntry], recipients: Mapping[str, Recipient]
) -> dict[str, RegisterEntry]:
    """The entry that has a recipient's name, or another of its names, by the recipient's id."""
    by_name = {_folded(name): each for each in there for name in each.names}
    found = {}
    for id_, recipient in recipients.items():
        names = map(_folded, (recipient.name, *recipient.also_known_as))
        if entry := next((by_name[name] for name in names if name in by_name), None):
            found[id_] = entry
    return found


def _folded(name: str) -> str:
    return as_read(without_accents(name).replace("&", "and").replace("’", "'")).casefold()


def _lower(title: str) -> str:
    return f"{title[:1].lower()}{title[1:]}"
