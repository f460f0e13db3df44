"""What the recipients of a joint letter must agree on, because the letter holds it once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from letters.errors import Problem
from letters.model import Assessment, Recipient


def disagreements(
    assessments: Iterable[Assessment], recipients: Mapping[str, Recipient], noun: str
) -> Iterator[Problem]:
    """A problem, at the record, for each joint letter with two signatories or delivery lines.

    A signatory the record names stands for all. `noun` is the field that names the recipients.
    """
    for each in assessments:
        together = [recipients[force] for force in each.forces]
        place = each.places[noun]
        is_open = not each.signatory and "signatory" not in each.refused
        if is_open and (choices := _choices((r.id, r.signatory) for r in together)):
            what = f"The recipients of this joint letter name different signatories: {choices}."
            yield Problem(place, what, "Name the one who signs in the record's 'signatory'.")
        if choices := _choices((r.id, r.delivery) for r in together):
            what = f"The recipients of this joint letter have different delivery lines: {choices}."
            yield Problem(place, what, "Make them equal in recipients.yaml.")


def _choices(chosen: Iterable[tuple[str, str | None]]) -> str:
    """Who chose what, if two chose differently."""
    told = [(id_, choice) for id_, choice in chosen if choice]
    if len({choice for _, choice in told}) < 2:
        return ""
    return ", ".join(f"'{choice}' for {id_}" for id_, choice in told)
