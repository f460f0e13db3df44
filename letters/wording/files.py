"""The files of a wording's folder: Markdown, read whole, and `labels.yaml`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from letters.document import (
    Block,
    Break,
    Columns,
    Document,
    Figure,
    Inline,
    Link,
    Origin,
    Paragraph,
    Room,
    Text,
    plain,
)
from letters.errors import Place, Problem, did_you_mean
from letters.files import files_in, is_inside, relative, special_files
from letters.model import REFERENCES, Letter, Signed
from letters.people import Group, Head, Person, SigningOrder
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

WHERE_USED = {
    "direct_line": "Stands before the signatory's direct line, in the letter's head.",
    "email": "Stands before the signatory's e-mail address there.",
    "our_ref": "Stands before the letter's reference.",
    "your_ref": "Stands before the addressee's reference.",
}
"""Labels that only letters with what they stand before need."""


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
    known = (*MEANINGS, *WHERE_USED)
    return {key: label for key in known if (label := _label(node.entries.get(key), problems))}


def _unknown(node: Node) -> list[Problem]:
    return [
        Problem(
            node.keys.get(key, value.place),
            f"'{key}' is not a label.",
            did_you_mean(key, (*MEANINGS, *WHERE_USED)) or "Delete it.",
        )
        for key, value in node.entries.items()
        if key not in MEANINGS and key not in WHERE_USED
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


def outer_slots(
    letter: Letter, labels: Mapping[str, Label], images: Sequence[Label]
) -> dict[str, tuple[Block, ...]]:
    """Every slot of a layout but the subject and the body; `images` say what each signature is."""
    labelled = Origin(f"templates/{letter.round.wording}/labels.yaml")
    signature, signatory = _signing(letter, images)
    return {
        "letter_sender": tuple(_sender(letter, labels)),
        "letter_addressees": tuple(_addressees(letter)),
        "letter_delivery": tuple(_delivery(letter)),
        "letter_copies": tuple(_copies(letter, labels["copied_to"])),
        "letter_date": tuple(_date_and_references(letter, labels)),
        "letter_salutation": (Paragraph(labels["salutation"], labelled, "Salutation"),),
        "letter_closing": (Paragraph(labels["closing"], labelled, "Closing"),),
        "letter_signature": signature,
        "letter_signatory": signatory,
    }


def information(
    letter: Letter, labels: Mapping[str, Label]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The web letter's opening table: from whom, to whom, sent when."""
    to = tuple(line for person in letter.addressees for line in _addressee_lines(person))
    return (
        (plain(labels["from"]), _from(letter)),
        (plain(labels["to"]), to),
        (plain(labels["sent_on"]), (_date(letter),)),
    )


def lacking_labels(letter: Letter, labels: Mapping[str, Label]) -> Iterator[Problem]:
    """A problem for each label that stands before something the letter has, and is not there."""
    place = Place(f"templates/{letter.round.wording}/{LABELS}")
    for key in _needed(letter):
        if key not in labels:
            yield Problem(place, f"The label '{key}' is missing.", f"Add it: {WHERE_USED[key]}")


def _needed(letter: Letter) -> Iterator[str]:
    first = letter.signatory
    yield from ("direct_line",) if first.phone else ()
    yield from ("email",) if first.email else ()
    yield from (name for name in REFERENCES if _reference(letter, name))


def _reference(letter: Letter, name: str) -> str:
    """A reference of the record; a round's own field of the name is printed by its wording."""
    value = None if name in letter.round.fields else letter.values.get(name)
    return str(value) if value else ""


def _round(letter: Letter) -> Origin:
    return Origin(f"rounds/{letter.round.id}/round.yaml")


def _lines(
    style: str, origin: Origin, lines: Iterable[str], before: tuple[Inline, ...] = ()
) -> Paragraph:
    return Paragraph((*before, *lines_of("\n".join(lines))), origin, style)


def _date(letter: Letter) -> str:
    return written_date(letter.sent, letter.round.language)


def _date_and_references(letter: Letter, labels: Mapping[str, Label]) -> Iterator[Paragraph]:
    yield Paragraph((Text(_date(letter), "sent_date"),), _round(letter), "Date")
    given = [(name, words) for name in REFERENCES if (words := _reference(letter, name))]
    lines = [
        (Break(), *labels.get(name, ()), Text(" "), Text(words, name)) for name, words in given
    ]
    if lines:
        content = tuple(inline for line in lines for inline in line)[1:]
        origin = replace(_round(letter), fields=tuple(name for name, _ in given))
        yield Paragraph(content, origin, "Reference")


def _from(letter: Letter) -> tuple[str, ...]:
    """Who the web letter is from: the inspectorate, or who signs, as that page's readers look."""
    if letter.round.from_ is Head.SENDER:
        return (letter.round.sender.name,)
    people = (each.person for each in letter.signed)
    return tuple(
        line for each in people for line in (_named(each.name, each.honours), *each.offices)
    )


def _sender(letter: Letter, labels: Mapping[str, Label]) -> Iterator[Paragraph]:
    """The head: the inspectorate, and how to reach the first of those who sign."""
    sender, person = letter.round.sender, letter.signatory
    yield Paragraph((Text(sender.name, "sender_name"),), _round(letter), "Sender Name")
    if address := person.address or sender.address:
        yield _lines("Sender", _round(letter), address)
    if person.phone:
        line = (*labels.get("direct_line", ()), Text(" "), Text(person.phone, "signatory_phone"))
        yield Paragraph(line, _round(letter), "Sender")
    if person.email:
        address_ = Link(f"mailto:{person.email}", (Text(person.email, "signatory_email"),))
        line = (*labels.get("email", ()), Text(" "), address_)
        yield Paragraph(line, _round(letter), "Sender")


def _addressees(letter: Letter) -> Iterator[Paragraph]:
    together = Group.ADDRESSEES in letter.round.on_one_line
    for person in letter.addressees:
        lines = _addressee_lines(person)
        yield _lines("Addressee", RECIPIENTS, (", ".join(lines),) if together else lines)


def _addressee_lines(person: Person) -> tuple[str, ...]:
    """An addressee's name, office and organisations, a line each."""
    return (*_name_and_office(person), *_organisations(person))


def _organisations(person: Person) -> tuple[str, ...]:
    return tuple(person.organisation.split("\n")) if person.organisation else ()


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
    together = Group.COPIES in letter.round.on_one_line
    style = "Copied To Line" if together else "Copied To"
    before: tuple[Inline, ...] = (*label, Text(" "))
    if together and len(letter.copied_to) > 1:
        yield Paragraph(label, RECIPIENTS, "Copied To")
        before = ()
    for person in letter.copied_to:
        lines = _addressee_lines(person)
        yield _lines(style, RECIPIENTS, (", ".join(lines),) if together else lines, before)
        before = ()


def _signing(
    letter: Letter, images: Sequence[Label]
) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """What is in the slots of the signature and the signatory.

    Layouts have one after the other, so the second holds all that follows the first image.
    """
    people = zip(letter.signed, images, strict=True)
    first, *others = ((_image(each, label), _signatory(letter, each)) for each, label in people)
    if others and letter.round.signing is SigningOrder.SIDE_BY_SIDE:
        columns = tuple((*image, *words) for image, words in (first, *others))
        return (), (Columns(columns, _round(letter)),)
    rest = (block for image, words in others for block in (*image, *words))
    return first[0], (*first[1], *rest)


def _image(signed: Signed, label: Label) -> tuple[Block, ...]:
    """The image, or room where somebody is to sign by hand; nothing where it is kept private."""
    if signed.image:
        return (Figure(signed.image, "signature", plain(label)),)
    return () if signed.person.signature else (Room(),)


def _signatory(letter: Letter, signed: Signed) -> tuple[Paragraph, ...]:
    person, is_first = signed.person, signed is letter.signed[0]
    name = Text(_named(person.name, person.honours), "signatory_name" if is_first else "")
    if Group.SIGNATORIES in letter.round.on_one_line:
        offices = Text("".join(f", {each}" for each in person.offices))
        return (Paragraph((name, offices), _round(letter), "Signatory Name"),)
    lines = [inline for office in person.offices for inline in (Break(), Text(office))]
    return (
        Paragraph((name,), _round(letter), "Signatory Name"),
        Paragraph(tuple(lines[1:]), _round(letter), "Signatory"),
    )


def unsigned(document: Document, handling: str | None) -> Document:
    """`document` as a draft: marked on each page, with `handling` too, and without a signature."""
    return replace(
        document,
        draft=document.texts["draft_label"],
        handling=handling or "",
        slots={
            **document.slots,
            "letter_signature": (),
            "letter_signatory": tuple(_without_images(document.slots["letter_signatory"])),
        },
    )


def _without_images(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Columns):
            columns = tuple(tuple(_without_images(column)) for column in block.columns)
            yield replace(block, columns=columns)
        elif not isinstance(block, Figure):
            yield block
