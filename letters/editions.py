"""The two editions of a letter: as it is sent, and as it is published."""

from __future__ import annotations

from dataclasses import replace

from letters.model import Letter, Person, Private, Round

NEVER_PUBLISHED = ("addressee_postal", "addressee_email", "copied_to_postal", "copied_to_email")
"""Placeholders that hold private addresses, whatever a round says."""


def private_names(round_: Round) -> frozenset[str]:
    """The placeholders that hold nothing in the published edition of a letter."""
    fields = {name for name, field in round_.fields.items() if field.private}
    kept = {each.value for each in round_.private if each is not Private.SIGNATURE}
    return frozenset(fields | kept | set(NEVER_PUBLISHED))


def has_editions(letter: Letter) -> bool:
    """Whether what is published of a letter differs from what is sent."""
    return published_edition(letter) != letter


def published_edition(letter: Letter) -> Letter:
    """`letter` without what its round keeps private: those placeholders hold nothing.

    The wording asks for them with `{% if contact_phone %}`, so that it reads well in both editions.
    """
    private = private_names(letter.round)
    unsigned = Private.SIGNATURE in letter.round.private
    return replace(
        letter,
        round=_public_round(letter.round),
        addressees=tuple(map(_public, letter.addressees)),
        copied_to=tuple(map(_public, letter.copied_to)),
        recipients=tuple(
            recipient.model_copy(
                update={
                    "addressees": tuple(map(_public, recipient.addressees)),
                    "copied_to": tuple(map(_public, recipient.copied_to)),
                }
            )
            for recipient in letter.recipients
        ),
        signature=b"" if unsigned else letter.signature,
        values={name: None if name in private else value for name, value in letter.values.items()},
        places={name: place for name, place in letter.places.items() if name not in private},
    )


def _public_round(round_: Round) -> Round:
    kept = {each.value.removeprefix("contact_") for each in round_.private}
    if round_.contact is None:
        return round_
    hidden: dict[str, None] = {name: None for name in ("email", "phone") if name in kept}
    contact = round_.contact.model_copy(update=hidden)
    return round_.model_copy(update={"contact": None if "name" in kept else contact})


def _public(person: Person) -> Person:
    return person.model_copy(update={"postal": (), "email": None})
