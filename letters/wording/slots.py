"""What stands round the body: sender, addressees, copies, date, greeting, closing, signatory."""

from collections.abc import Iterable, Iterator, Mapping

from letters.document import Block, Break, Figure, Inline, Origin, Paragraph, Text, plain
from letters.model import Letter, Person
from letters.wording.runtime import lines_of
from letters.wording.vocabulary import written_date

RECIPIENTS = Origin("recipients.yaml")

Label = tuple[Inline, ...]
"""A label's words, its values in place."""


def outer_slots(letter: Letter, labels: Mapping[str, Label]) -> dict[str, tuple[Block, ...]]:
    """Every slot of a layout but the subject and the body."""
    labelled = Origin(f"templates/{letter.round.wording}/labels.yaml")
    return {
        "letter_sender": tuple(_sender(letter)),
        "letter_addressees": tuple(_addressees(letter)),
        "letter_delivery": tuple(_delivery(letter)),
        "letter_copies": tuple(_copies(letter, labels["copied_to"])),
        "letter_date": (Paragraph((Text(_date(letter), "sent_date"),), _round(letter), "Date"),),
        "letter_salutation": (Paragraph(labels["salutation"], labelled, "Salutation"),),
        "letter_closing": (Paragraph(labels["closing"], labelled, "Closing"),),
        "letter_signature": tuple(_signature(letter, labels["signature"])),
        "letter_signatory": tuple(_signatory(letter)),
    }


def information(
    letter: Letter, labels: Mapping[str, Label]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The web letter's opening table: from whom, to whom, sent when."""
    to = tuple(line for person in letter.addressees for line in _addressee_lines(letter, person))
    return (
        (plain(labels["from"]), (letter.round.sender.name,)),
        (plain(labels["to"]), to),
        (plain(labels["sent_on"]), (_date(letter),)),
    )


def _round(letter: Letter) -> Origin:
    return Origin(f"rounds/{letter.round.id}/round.yaml")


def _lines(
    style: str, origin: Origin, lines: Iterable[str], before: tuple[Inline, ...] = ()
) -> Paragraph:
    return Paragraph((*before, *lines_of("\n".join(lines))), origin, style)


def _date(letter: Letter) -> str:
    return written_date(letter.round.sent, letter.round.language)


def _sender(letter: Letter) -> Iterator[Paragraph]:
    sender = letter.round.sender
    yield Paragraph((Text(sender.name, "sender_name"),), _round(letter), "Sender Name")
    if sender.address:
        yield _lines("Sender", _round(letter), sender.address)


def _addressees(letter: Letter) -> Iterator[Paragraph]:
    for person in letter.addressees:
        yield _lines("Addressee", RECIPIENTS, _addressee_lines(letter, person))


def _addressee_lines(letter: Letter, person: Person) -> tuple[str, ...]:
    """An addressee's name, office and organisation; the forces assessed unless another is named."""
    forces = (person.organisation,) if person.organisation else _forces(letter)
    return (*_name_and_office(person), *forces)


def _forces(letter: Letter) -> tuple[str, ...]:
    return tuple(recipient.name for recipient in letter.recipients)


def _name_and_office(person: Person) -> Iterator[str]:
    if person.name:
        yield _named(person.name, person.honours)
    if person.office:
        yield person.office


def _named(name: str, honours: str | None) -> str:
    return f"{name} {honours}" if honours else name


def _delivery(letter: Letter) -> Iterator[Paragraph]:
    if letter.delivery:
        yield Paragraph((Text(letter.delivery, "delivery"),), RECIPIENTS, "Delivery")


def _copies(letter: Letter, label: Label) -> Iterator[Paragraph]:
    before: tuple[Inline, ...] = (*label, Text(" "))
    for person in letter.copied_to:
        organisation = (person.organisation,) if person.organisation else ()
        lines = (*_name_and_office(person), *organisation)
        yield _lines("Copied To", RECIPIENTS, lines, before)
        before = ()


def _signature(letter: Letter, label: Label) -> Iterator[Figure]:
    if letter.signature:
        yield Figure(letter.signature, "signature", plain(label))


def _signatory(letter: Letter) -> Iterator[Paragraph]:
    signatory = letter.signatory
    name = _named(signatory.name, signatory.honours)
    yield Paragraph((Text(name, "signatory_name"),), _round(letter), "Signatory Name")
    offices = [inline for office in signatory.offices for inline in (Break(), Text(office))]
    yield Paragraph(tuple(offices[1:]), _round(letter), "Signatory")
