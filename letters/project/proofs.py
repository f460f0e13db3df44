"""What proves an approval: one SSH signature for each run of `letters approve`, over all that the
run approved. It is kept in `approvals.yaml`, under a name that no letter can have."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from letters.errors import Place, Problem, Refused
from letters.model import Round
from letters.signatures import APPROVAL, Signers, has_keygen, is_signed, public_key
from letters.sources.yamls import Node

SIGNATURES = "_signatures"

_DIGEST = re.compile(r"[0-9a-f]{64}")
_BASE64 = re.compile(r"[A-Za-z0-9+/]+=*")


class Proof(StrEnum):
    """What shows that an approval is of the person it names."""

    TYPED = "typed"
    """Nothing: round.yaml gives no key for the person, and the name was typed."""
    SIGNED = "signed"
    MISSING = "missing"
    OTHER = "other"
    FALSE = "false"
    UNCHECKED = "unchecked"

    @property
    def counts(self) -> bool:
        """Whether such an approval counts."""
        return self in (Proof.TYPED, Proof.SIGNED)

    @property
    def why(self) -> str:
        """Why an approval does not count."""
        return _WHY[self]


_WHY = {
    Proof.MISSING: "it has no signature, and round.yaml gives a key",
    Proof.OTHER: "its signature is for another letter, or for other words",
    Proof.FALSE: (
        "its signature is not by the key in round.yaml, or not of this round, or was changed"
    ),
    Proof.UNCHECKED: "its signature cannot be checked without ssh-keygen",
}


@dataclass(frozen=True, slots=True)
class Signature:
    """What one person signed at one moment: letters, each with the digest of its content.

    `text` is the signature, in base64.
    """

    by: str
    at: datetime
    letters: tuple[tuple[str, str], ...]
    text: str

    def covers(self, letter: str, digest: str) -> bool:
        """Whether the letter, with this content, is among those signed."""
        return (letter, digest) in self.letters


def signed_words(round_id: str, by: str, at: datetime, letters: Mapping[str, str]) -> bytes:
    """What is signed: the round, who approves, when (in UTC), and a line for each letter."""
    moment = at.astimezone(UTC).isoformat()
    lines = (f"letter {id_} {letters[id_]}" for id_ in sorted(letters))
    head = ("letters approval 1", f"round {round_id}", f"by {by}", f"at {moment}")
    return "".join(f"{line}\n" for line in (*head, *lines)).encode()


def is_by(signature: Signature, round_: Round, signers: Signers) -> bool:
    """Whether a signature of an approval is of the person it names, one of `signers`.

    Raises UsageError where there is no ssh-keygen to tell.
    """
    words = signed_words(round_.id, signature.by, signature.at, dict(signature.letters))
    return is_signed(words, signature.text, APPROVAL, signers, name=signature.by, at=signature.at)


def signers_of(round_: Round) -> Signers:
    """The people of a round for whom it gives a sound key, as signers."""
    keys = {}
    for id_, person in round_.people.items():
        try:
            keys[id_] = public_key(person.key or "")
        except Refused:
            continue  # none, or a problem of round.yaml
    return Signers.of(keys)


@dataclass(frozen=True, slots=True)
class Proofs:
    """The signatures of a round's approvals, to be asked about each approval."""

    round: Round
    signatures: tuple[Signature, ...] = ()

    def find(
        self, letter: str, digest: str, by: str, at: datetime
    ) -> tuple[Signature | None, Proof]:
        """The signature of an approval, and what it shows."""
        found = [each for each in self.signatures if (each.by, each.at) == (by, at)]
        own = [each for each in found if each.covers(letter, digest)]
        if self.round.people[by].key is None:
            return next(iter(own), None), Proof.TYPED
        if not own:
            return None, Proof.OTHER if found else Proof.MISSING
        if not has_keygen():
            return own[0], Proof.UNCHECKED
        signers = signers_of(self.round)
        return own[0], Proof.SIGNED if is_by(own[0], self.round, signers) else Proof.FALSE


def read_signatures(node: Node, problems: list[Problem]) -> Iterator[Signature]:
    """Every sound entry of the list of signatures; what is wrong with others is a problem."""
    for each in node.items:
        try:
            yield _signature(each)
        except (KeyError, ValueError, TypeError):
            what = "A signature of approvals is not as 'letters approve' wrote it."
            fix = "Restore it, or delete it and approve again."
            problems.append(Problem(each.place.at(SIGNATURES), what, fix))


def _signature(node: Node) -> Signature:
    """Raises KeyError, ValueError or TypeError where it is no such entry."""
    by, at, text = (node.entries[key].text or "" for key in ("by", "at", "signature"))
    letters = {id_: each.text or "" for id_, each in node.entries["letters"].entries.items()}
    moment = datetime.fromisoformat(at)
    digests = all(_DIGEST.fullmatch(each) for each in letters.values())
    if moment.tzinfo is None or not (by and letters and digests and _BASE64.fullmatch(text)):
        raise ValueError("signature")
    return Signature(by, moment, tuple(sorted(letters.items())), text)


def signatures_tree(signatures: Iterable[Signature | None]) -> list[dict[str, object]]:
    """Signatures as `approvals.yaml` holds them, each once, in the order of their times."""
    each_once = {each.text: each for each in signatures if each}
    return [
        {
            "by": each.by,
            "at": each.at.isoformat(),
            "letters": dict(each.letters),
            "signature": each.text,
        }
        for each in sorted(each_once.values(), key=lambda each: (each.at, each.by, each.letters))
    ]


def people_problems(round_: Round) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the keys of a round's people: whose, what, and what to do."""
    held: dict[str, str] = {}
    for id_, person in round_.people.items():
        if person.key is None:
            continue
        try:
            other = held.setdefault(public_key(person.key), id_)
        except Refused as refused:
            yield id_, refused.what, refused.fix
        else:
            if other != id_:
                what = f"'{id_}' has the key of '{other}'."
                yield id_, what, "Give each person the key that they alone hold."


def keygen_problem(place: Place) -> Problem:
    """That signatures cannot be checked here; `place` is that of the file they stand in."""
    from letters.signatures import NO_KEYGEN

    what, fix = NO_KEYGEN.split(". ", 1)
    return Problem(place, f"Its signatures cannot be checked: {what[0].lower()}{what[1:]}.", fix)
