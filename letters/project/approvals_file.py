"""`approvals.yaml` of a round, read and written: who approved which letter, when, and the
recipients as signed."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml

from letters.errors import Place, Problem, did_you_mean
from letters.files import digest, read_file, relative
from letters.model import Round, letter_id
from letters.people import Person, Recipient
from letters.project.proofs import (
    SIGNATURES,
    Proof,
    Proofs,
    Signature,
    keygen_problem,
    read_signatures,
    signatures_tree,
)
from letters.project.shapes import NOBODY, fit
from letters.project.values import written_moment
from letters.sources.yamls import Node, read_yaml

FILE = "approvals.yaml"
KEYS = ("digest", "approved", "recipients")

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far the clocks of two computers may be apart."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval: the person's id in `round.yaml`, and the moment, with its offset.

    `signature` is that of the run it was given in, `proof` what that shows.
    """

    by: str
    at: datetime
    signature: Signature | None = None
    proof: Proof = Proof.TYPED

    @property
    def identity(self) -> str:
        """What tells it from all others of its letter: who gave it, and when, in UTC.

        The digest has no part in it: that of a letter approved with an earlier version becomes
        another one when somebody else approves the same words.
        """
        return f"{self.by} {self.at.astimezone(UTC).isoformat()}"


@dataclass(frozen=True, slots=True)
class SignedLetter:
    """A letter as it was approved: the digest of its content, by whom, and its recipients then."""

    digest: str
    approvals: tuple[Approval, ...]
    recipients: Mapping[str, Recipient]
    place: Place = field(default=Place(FILE), compare=False)

    @property
    def counted(self) -> tuple[Approval, ...]:
        """The approvals that count, none that lacks its proof; the first of each person."""
        by: dict[str, Approval] = {}
        for each in self.approvals:
            if each.proof.counts:
                by.setdefault(each.by, each)
        return tuple(by.values())


def approvals_digest(folder: Path) -> str:
    """The digest of a round's `approvals.yaml` as it is now; "" where there is none."""
    try:
        return digest(read_file(folder / FILE))
    except OSError:
        return ""


def read_signed(
    folder: Path, root: Path, round_: Round, problems: list[Problem], now: datetime | None = None
) -> dict[str, SignedLetter]:
    """Every sound entry of a round's `approvals.yaml` by letter; none where there is no file.

    All that is wrong is a problem: an approval that cannot be read must not pass for none. So is an
    approval dated after `now`, where that is given.
    """
    path = folder / FILE
    if not path.exists():
        return {}
    node = read_yaml(path, root, problems)
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        place = Place(relative(path, root))
        what = "The file must hold each approved letter under its id."
        problems.append(Problem(place, what, "Restore it, or delete it and approve again."))
        return {}
    letters = {id_: each for id_, each in node.entries.items() if id_ != SIGNATURES}
    kept = node.entries.get(SIGNATURES)
    signatures = tuple(read_signatures(kept, problems)) if kept else ()
    reading = _ApprovalsReader(round_, problems, Proofs(round_, signatures), now)
    found = {id_: reading.entry(id_, each, node.keys[id_]) for id_, each in letters.items()}
    entries = {id_: entry for id_, entry in found.items() if entry}
    if any(a.proof is Proof.UNCHECKED for entry in entries.values() for a in entry.approvals):
        problems.append(keygen_problem(Place(relative(path, root))))
    return entries


@dataclass(frozen=True, slots=True)
class _ApprovalsReader:
    """One file being read."""

    round: Round
    problems: list[Problem]
    proofs: Proofs
    now: datetime | None

    def entry(self, id_: str, node: Node, place: Place) -> SignedLetter | None:
        """A letter's entry; None where it is not whole."""
        place = place.at(id_)
        before = len(self.problems)
        for key in node.entries:
            if key not in KEYS:
                fix = did_you_mean(key, KEYS) or f"Use one of {', '.join(KEYS)}."
                self._report(node.keys[key].at(id_), f"'{key}' is not a key here.", fix)
        for key in KEYS:
            if key not in node.entries:
                self._report(
                    place, f"{key} is missing.", "Restore it, or approve the letter again."
                )
        if len(self.problems) > before:
            return None
        recipients = self._recipients(id_, node.entries["recipients"])
        content = self._digest(id_, node)
        approvals = tuple(self._approvals(id_, content, node.entries["approved"]))
        signed = SignedLetter(content, approvals, recipients, place)
        return signed if len(self.problems) == before else None

    def _report(self, place: Place, what: str, fix: str) -> None:
        self.problems.append(Problem(place, what, fix))

    def _digest(self, id_: str, node: Node) -> str:
        each = node.entries["digest"]
        text = each.text or ""
        if not _DIGEST.fullmatch(text):
            place = each.place.at(id_)
            self._report(place, f"'{text}' is not a digest.", "Approve the letter again.")
        return text

    def _approvals(self, id_: str, content: str, node: Node) -> Iterator[Approval]:
        if not node.items:
            fix = "Restore it, or approve the letter again."
            self._report(node.place.at(id_), "No one is listed under 'approved'.", fix)
        for each in node.items:
            place = each.place.at(id_)
            by, at = (self._text(each, key, place) for key in ("by", "at"))
            if by and by not in self.round.people:
                what = f"'{by}' is not one of the people in round.yaml."
                fix = did_you_mean(by, self.round.people) or "Add them there, or take this out."
                self._report(place, what, fix)
            moment = self._moment(at, place) if at else None
            if moment and self.now and moment > self.now + CLOCKS_DIFFER:
                what = f"This approval is dated {written_moment(moment)}, which is still to come."
                fix = "See that all clocks are right; then delete it here, and have it given again."
                self._report(place, what, fix)
            if moment and by in self.round.people:
                yield Approval(by, moment, *self.proofs.find(id_, content, by, moment))

    def _text(self, node: Node, key: str, place: Place) -> str:
        text = node.entries[key].text if key in node.entries else None
        if not text:
            self._report(place, f"An approval has no '{key}'.", "Approve the letter again.")
        return text or ""

    def _moment(self, text: str, place: Place) -> datetime | None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            what = f"'{text}' is not a moment in time."
            self._report(place, what, "Write it like 2017-10-02T09:30:00+01:00.")
            return None
        return moment

    def _recipients(self, id_: str, node: Node) -> dict[str, Recipient]:
        found = {}
        for force, each in node.entries.items():
            place = node.keys[force].at(f"{id_}.recipients.{force}")
            recipient, _ = fit(each, Recipient, force, place, self.problems)
            if recipient:
                found[force] = recipient
        if letter_id(node.entries) != id_:
            place = node.place.at(id_)
            what = f"The recipients of '{letter_id(node.entries)}' are under '{id_}'."
            self._report(place, what, "Restore the entry, or approve the letter again.")
        return found


HEAD = """\
# yaml-language-server: $schema=../../schemas/approvals.schema.json
# Who approved which letter, and when; written by 'letters approve'. Keep it under version control.
# 'digest' is the SHA-256 of approved/<letter>.txt, the letter's content as it was approved.
# 'recipients' are as they were then: later changes to recipients.yaml do not reach these letters.
"""


SIGNED = """\
# '_signatures' are what people signed with their SSH keys, a run of 'letters approve' each.
"""


def signed_yaml(entries: Mapping[str, SignedLetter]) -> str:
    """The whole file, from which `read_signed` reads equal entries."""
    tree: dict[str, object] = {id_: _entry(entries[id_]) for id_ in sorted(entries)}
    approvals = (approval for entry in entries.values() for approval in entry.approvals)
    if signatures := signatures_tree(each.signature for each in approvals):
        tree[SIGNATURES] = signatures
    body = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=4096)
    return (HEAD + SIGNED if signatures else HEAD) + body


def _entry(signed: SignedLetter) -> dict[str, object]:
    return {
        "digest": signed.digest,
        "approved": [{"by": each.by, "at": each.at.isoformat()} for each in signed.approvals],
        "recipients": {id_: _recipient(each) for id_, each in signed.recipients.items()},
    }


def _recipient(recipient: Recipient) -> dict[str, object]:
    told: dict[str, object | None] = {
        "name": recipient.name,
        "addressees": [_person(person) for person in recipient.addressees],
        "salutation": _one_or_more(recipient.salutation),
        "copied_to": [_person(person) for person in recipient.copied_to] or NOBODY,
        "delivery": recipient.delivery,
        "signatory": _one_or_more(recipient.signatory) if recipient.signatory else None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _person(person: Person) -> dict[str, object]:
    told: dict[str, object | None] = {
        "name": person.name,
        "honours": person.honours,
        "office": person.office,
        "organisation": NOBODY if person.organisation == "" else person.organisation,
        "postal": list(person.postal) or None,
        "email": person.email,
    }
    return {key: value for key, value in told.items() if value is not None}


def _one_or_more(texts: Sequence[str]) -> object:
    return texts[0] if len(texts) == 1 else list(texts)
