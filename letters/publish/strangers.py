"""Conditions on whom a letter speaks of: nobody of another force."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from letters.errors import Problem
from letters.model import Letter
from letters.publish.candidate import Candidate
from letters.publish.emails import addresses, holders, strangers
from letters.publish.names import Kind

_FIX = "Take it out, or list it under named_exceptions in round.yaml with the reason."


def named(kind: Kind) -> Callable[[Candidate], Iterator[Problem]]:
    """The condition that no letter names another force, or its officer or body."""

    def check(candidate: Candidate) -> Iterator[Problem]:
        for letter in candidate.finished:
            yield from _named(candidate, letter, kind)

    return check


def _named(candidate: Candidate, letter: Letter, kind: Kind) -> Iterator[Problem]:
    own = {recipient.id for recipient in letter.recipients}
    for spot in candidate.spots[letter.id]:
        for found in candidate.names.find(spot.text):
            if found.name.kind is kind and not found.name.forces & own:
                what = (
                    f"The letter to {_to(letter)} names another {_NOUNS[kind]},"
                    f" '{found.name.text}': '{found.words}'."
                )
                yield Problem(spot.place_of(found.name.text), what, _FIX)


_NOUNS = {
    Kind.FORCE: "force",
    Kind.OFFICER: "force’s chief officer",
    Kind.BODY: "force’s local policing body",
}


def emailed(candidate: Candidate) -> Iterator[Problem]:
    """Letters that hold an e-mail address of another force."""
    known = holders(candidate.project.recipients.values())
    allowed = _allowed(candidate)
    for letter in candidate.finished:
        own = {recipient.id for recipient in letter.recipients}
        for spot in candidate.spots[letter.id]:
            for address in addresses(spot):
                if address not in allowed and strangers(address, known, own):
                    what = f"The letter to {_to(letter)} holds an address of another force,"
                    what = f"{what} '{address}'."
                    yield Problem(spot.place_of(address), what, _FIX)


def _allowed(candidate: Candidate) -> frozenset[str]:
    round_ = candidate.project_round.round
    contact = round_.contact.email if round_.contact else None
    named = (each.name for each in round_.named_exceptions)
    return frozenset(address.lower() for address in (contact, *named) if address)


def _to(letter: Letter) -> str:
    return " and ".join(recipient.name for recipient in letter.recipients)
