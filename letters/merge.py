"""A record, its recipients and its round become a `Letter`. Pure: no file, no clock, no format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from letters.errors import UsageError, did_you_mean
from letters.model import REFERENCES, Assessment, Letter, Private, Round, Signed, Value, letter_id
from letters.people import Person, Recipient, Signatory

if TYPE_CHECKING:
    from letters.project import ProjectRound


T = TypeVar("T")


def letters_of(project_round: ProjectRound) -> tuple[Letter, ...]:
    """Every letter of a round, in the order of its recipients; awaiting ones included."""
    records = {force: record for record in project_round.assessments for force in record.forces}
    by_id = {recipient.id: recipient for recipient in project_round.recipients}
    letters: dict[str, Letter] = {}
    for recipient in project_round.recipients:
        record = records.get(recipient.id)
        forces = record.forces if record else (recipient.id,)
        if letter_id(forces) not in letters:
            recipients = tuple(by_id[force] for force in forces)
            letters[letter_id(forces)] = _merge(project_round, recipients, record)
    return tuple(letters.values())


def merge_letter(project_round: ProjectRound, force: str) -> Letter:
    """The letter of `force` (a recipient's id, or a joint letter's own id).

    Raises UsageError where the round has no such force, or its recipient is too faulty.
    """
    for letter in letters_of(project_round):
        if force == letter.id or force in (recipient.id for recipient in letter.recipients):
            return letter
    if force in project_round.faulty:
        raise UsageError(str(project_round.faulty[force]))
    noun, known = project_round.round.nouns.one, [r.id for r in project_round.recipients]
    what = f"'{force}' is not a {noun} of round {project_round.round.id}."
    fix = did_you_mean(force, known) or f"recipients.yaml lists every {noun} with its id."
    raise UsageError(f"{what} {fix}")


def _merge(
    project_round: ProjectRound, recipients: tuple[Recipient, ...], record: Assessment | None
) -> Letter:
    round_ = project_round.round
    ids = _signatories(round_, recipients, record)
    signed = tuple(
        Signed(id_, round_.signatories[id_], project_round.signatures[id_]) for id_ in ids
    )
    return Letter(
        id=letter_id(recipient.id for recipient in recipients),
        round=round_,
        recipients=recipients,
        addressees=_each_once(_addressees(recipients)),
        salutation=_once(name for recipient in recipients for name in recipient.salutation),
        copied_to=_each_once(copy for recipient in recipients for copy in recipient.copied_to),
        delivery=next((r.delivery for r in recipients if r.delivery), None),
        signed=signed,
        outcome=record.outcome if record else None,
        values=_values(round_, recipients, signed, record),
        places=record.places if record else {},
        missing=_missing(round_, record),
        refused=record.refused if record else {},
    )


def _signatories(
    round_: Round, recipients: tuple[Recipient, ...], record: Assessment | None
) -> tuple[str, ...]:
    """The record's signatories, else the recipient's, else the round's, else its first one."""
    chosen = [record.signatory if record else (), *(r.signatory for r in recipients)]
    return next(filter(None, [*chosen, round_.signatory]), (next(iter(round_.signatories)),))


def _addressees(recipients: tuple[Recipient, ...]) -> Iterator[Person]:
    for recipient in recipients:
        for person in recipient.addressees:
            is_given = person.organisation is not None
            organisation = person.organisation if is_given else recipient.name
            yield person.model_copy(update={"organisation": organisation})


def _each_once(people: Iterable[Person]) -> tuple[Person, ...]:
    """People in order; one who holds one office in several organisations once, with all of them.

    An office without a name may be held by several people, and is left as it is.
    """
    found: dict[object, Person] = {}
    for person in people:
        alone = {"organisation": None, "email": None, "postal": ()}
        who = person.model_copy(update=alone) if person.name else person
        found[who] = _as_one(found[who], person) if who in found else person
    return tuple(found.values())


def _as_one(first: Person, second: Person) -> Person:
    organisations = _once(filter(None, (first.organisation, second.organisation)))
    return first.model_copy(
        update={
            "organisation": "\n".join(organisations) or first.organisation,
            "email": first.email or second.email,
            "postal": first.postal or second.postal,
        }
    )


def _missing(round_: Round, record: Assessment | None) -> tuple[str, ...]:
    outcome = () if record and record.outcome else ("outcome",)
    values = record.values if record else {}
    required = (name for name, field in round_.fields.items() if field.required)
    return (*outcome, *(name for name in required if values.get(name) is None))


def _values(
    round_: Round,
    recipients: tuple[Recipient, ...],
    signed: tuple[Signed, ...],
    record: Assessment | None,
) -> dict[str, Value]:
    recorded = record.values if record else {}
    sent = None if "sent" in round_.fields else recorded.get("sent")
    return (
        _recipient_values(round_.nouns.one, recipients)
        | _round_values(round_)
        | ({"sent_date": sent} if sent else {})
        | {name: recorded.get(name) for name in REFERENCES}
        | signatory_values(round_, signed[0].person)
        | _outcome_values(round_, record)
        | {name: recorded.get(name) for name in round_.fields}
    )


def _recipient_values(noun: str, recipients: tuple[Recipient, ...]) -> dict[str, Value]:
    addressees = [person for recipient in recipients for person in recipient.addressees]
    copies = [person for recipient in recipients for person in recipient.copied_to]
    return {
        f"{noun}_id": letter_id(recipient.id for recipient in recipients),
        f"{noun}_name": _joined(recipient.name for recipient in recipients),
        "addressee_name": addressees[0].name,
        "addressee_office": addressees[0].office,
        "addressee_postal": _postal(addressees),
        "addressee_email": _emails(addressees),
        "copied_to_postal": _postal(copies),
        "copied_to_email": _emails(copies),
        "salutation": _joined(name for recipient in recipients for name in recipient.salutation),
        "delivery": next((r.delivery for r in recipients if r.delivery), None),
    }


def _round_values(round_: Round) -> dict[str, Value]:
    contact = round_.contact
    return {
        "sent_date": round_.sent,
        "published_date": round_.published_on,
        "updated_date": round_.updated,
        "contact_name": contact.name if contact else None,
        "contact_email": contact.email if contact else None,
        "contact_phone": contact.phone if contact else None,
        "sender_name": round_.sender.name,
        "round_title": round_.title,
    }


def signatory_values(round_: Round, first: Signatory) -> dict[str, Value]:
    """The placeholders of one who signs."""
    address = first.address or round_.sender.address
    return {
        "signatory_name": first.name,
        "signatory_honours": first.honours,
        "signatory_office": first.offices[0],
        "signatory_offices": "\n".join(first.offices),
        "signatory_address": "\n".join(address) or None,
        "signatory_phone": first.phone,
        "signatory_email": first.email,
    }


def _outcome_values(round_: Round, record: Assessment | None) -> dict[str, Value]:
    outcome = record.outcome if record else None
    return {"outcome": outcome, "outcome_title": round_.outcomes[outcome] if outcome else None}


def _joined(names: Iterable[str]) -> str | tuple[str, ...]:
    several = _once(names)
    return several[0] if len(several) == 1 else several


def _postal(people: Iterable[Person]) -> str | None:
    return "\n".join(line for person in people for line in person.postal) or None


def _emails(people: Iterable[Person]) -> str | None:
    return ", ".join(person.email for person in people if person.email) or None


def _once(several: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(several))


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
        signed=tuple(
            replace(
                each,
                image=b"" if unsigned else each.image,
                person=each.person.model_copy(update=dict.fromkeys(_kept_of_signatory(private))),
            )
            for each in letter.signed
        ),
        values={name: None if name in private else value for name, value in letter.values.items()},
        places={name: place for name, place in letter.places.items() if name not in private},
    )


def _kept_of_signatory(private: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in ("email", "phone") if f"signatory_{name}" in private)


def _public_round(round_: Round) -> Round:
    kept = {each.value.removeprefix("contact_") for each in round_.private}
    if round_.contact is None:
        return round_
    hidden: dict[str, None] = {name: None for name in ("email", "phone") if name in kept}
    contact = round_.contact.model_copy(update=hidden)
    return round_.model_copy(update={"contact": None if "name" in kept else contact})


def _public(person: Person) -> Person:
    return person.model_copy(update={"postal": (), "email": None})
