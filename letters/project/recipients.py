"""`recipients.yaml` to recipients, in the file's order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from letters.errors import Place, Problem, until_too_many
from letters.files import FILE as FILE
from letters.files import name_fault
from letters.model import Recipient
from letters.project.approvals_file import SignedLetter
from letters.project.shapes import fit
from letters.sources.yamls import Node, read_yaml


@dataclass(frozen=True, slots=True)
class Recipients:
    """The sound recipients by id, where each stands, and whether the file could be read."""

    by_id: Mapping[str, Recipient]
    places: Mapping[str, Place]
    is_known: bool

    def as_signed(self, signed: Mapping[str, SignedLetter]) -> Recipients:
        """The same, but those of approved letters as they were then, also if they are gone now."""
        then = {id_: each for entry in signed.values() for id_, each in entry.recipients.items()}
        places = {id_: e.place for e in signed.values() for id_ in e.recipients}
        return Recipients({**self.by_id, **then}, {**places, **self.places}, self.is_known)


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
    for id_, entry in until_too_many(node.value.items(), problems, FILE):
        if fault := name_fault(id_):
            problems.append(Problem(node.keys[id_].at(id_), *fault))
            continue
        recipient = _recipient(id_, entry, node, problems)
        if recipient:
            by_id[id_] = recipient
    places = {id_: place.at(id_) for id_, place in node.keys.items()}
    return Recipients(by_id, places, is_known=True)


def _recipient(id_: str, entry: Node, node: Node, problems: list[Problem]) -> Recipient | None:
    return fit(entry, Recipient, id_, node.keys[id_].at(id_), problems)[0]
