"""The files of a wording's folder: Markdown, read whole, and `labels.yaml`."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from letters.document import Block, Break, Figure, Inline, Origin, Paragraph, Text, plain
from letters.errors import Place, Problem, did_you_mean
from letters.files import files_in, is_inside, relative, special_files
from letters.model import Letter, Person
from letters.sources.tables import LARGEST_TEMPLATE, PUT_FILE, SPECIAL, checked, read_text
from letters.sources.yamls import Node, read_yaml
from letters.wording.rewriter import forged
from letters.wording.runtime import lines_of
from letters.wording.syntax import Source
from letters.wording.vocabulary import written_date

LETTER = "letter.md"
RECOMMENDATION = "recommendation.md"
LABELS = "labels.yaml"
OUTCOMES = "outcomes/"
MOST_FILES = 500
"""Markdown files of a wording."""


def read_markdown(folder: Path, root: Path, problems: list[Problem]) -> Mapping[str, Source]:
    """Every `.md` file by its name in the folder, such as `outcomes/in-place.md`."""
    sources: dict[str, Source] = {}
    for path in special_files(folder):
        problems.append(Problem(Place(relative(path, root)), SPECIAL, PUT_FILE))
    paths = [path for path in files_in(folder) if path.suffix == ".md"]
    if len(paths) > MOST_FILES:
        what = f"The wording has more than {MOST_FILES} files."
        problems.append(Problem(Place(relative(folder, root)), what, "Join those that are short."))
        return sources
    for path in paths:
        text = _inside_text(path, folder, root, problems)
        if text is not None:
            place = Place(relative(path, root), 1)
            sources[relative(path, folder)] = Source(_checked(text, place, problems), place)
    return sources


def outcome_file(outcome: str) -> str:
    """The file that words an outcome."""
    return f"{OUTCOMES}{outcome}.md"


def _inside_text(path: Path, folder: Path, root: Path, problems: list[Problem]) -> str | None:
    if is_inside(path, folder):
        return read_text(path, root, problems, LARGEST_TEMPLATE)
    place = Place(relative(path, root))
    what = "The file leads outside the wording's folder."
    problems.append(Problem(place, what, "Put the file itself here."))
    return None


def _checked(text: str, place: Place, problems: list[Problem]) -> str:
    rows = []
    for number, row in enumerate(text.split("\n"), start=1):
        at = replace(place, line=number)
        rows.append(checked(row, at, problems))
        if forged(rows[-1]):
            what = f"The text holds '{forged(rows[-1])}', which stands for a reserved character."
            problems.append(Problem(at, what, "Delete it."))
    return "\n".join(rows)


MEANINGS = {
    "title": "The title of the file; {{ subject }} is the letter's subject.",
    "salutation": "The greeting; {{ salutation }} is the person that the letter greets.",
    "and": "Joins the last two of several names.",
    "copied_to": "Stands before those who get a copy.",
    "closing": "The closing words.",
    "signature": "What the signature image shows, for those who cannot see it.",
    "page": "The word before the page's number.",
    "of": "The word between the page's number and the number of pages.",
    "draft": "The mark across each page of a draft.",
    "gap": "What a draft says where a value is to come.",
    "letter_information": "The heading of the web letter's opening table.",
    "from": "Who sends the letter, in that table.",
    "to": "The word before the addressee, in that table.",
    "sent_on": "When, in that table.",
}
"""Every label and what it is for; `labels.yaml` holds them all."""


def read_labels(folder: Path, root: Path, problems: list[Problem]) -> Mapping[str, Source]:
    """The labels of a wording as templates, by key.

    Unknown, missing and empty labels become problems, as do labels that are not plain text.
    """
    path = folder / LABELS
    node = read_yaml(path, root, problems)
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        place = Place(relative(path, root))
        problems.append(
            Problem(place, "The file holds no labels.", "Write 'closing: …' and so on.")
        )
        return {}
    problems += _unknown(node)
    problems += _missing(node, Place(relative(path, root)))
    return {key: label for key in MEANINGS if (label := _label(node.entries.get(key), problems))}


def _unknown(node: Node) -> list[Problem]:
    return [
        Problem(
            node.keys.get(key, value.place),
            f"'{key}' is not a label.",
            did_you_mean(key, MEANINGS) or "Delete it.",
        )
        for key, value in node.entries.items()
        if key not in MEANINGS
    ]


def _missing(node: Node, place: Place) -> list[Problem]:
    return [
        Problem(place, f"The label '{key}' is missing.", f"Add it: {MEANINGS[key]}")
        for key in MEANINGS
        if key not in node.entries
    ]


def _label(node: Node | None, problems: list[Problem]) -> Source | None:
    if node is None:
        return None
    text = (node.text or "").strip()
    if not text:
        what = "The label is empty." if node.text is not None else "The label is not plain text."
        problems.append(Problem(node.place, what, "Write its words on one line."))
    if forged(text):
        what = f"The text holds '{forged(text)}', which stands for a reserved character."
        problems.append(Problem(node.place, what, "Delete it."))
    return Source(text, node.place) if text else None


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
