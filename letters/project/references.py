"""What the claims, quotations and reports of a round refer to: outcomes, fields, forces, files."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from letters.errors import Problem, did_you_mean
from letters.files import files_in
from letters.model import (
    LATER,
    PRINTED_IN,
    REPORT_FORMS,
    Assessment,
    Claim,
    FieldType,
    RecordField,
    Round,
)
from letters.people import Recipient
from letters.project.shapes import Steps
from letters.project.values import listed

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Dangling:
    """A reference that leads nowhere: the steps to it in round.yaml, what is wrong, what to do."""

    steps: Steps
    what: str
    fix: str


def dangling(
    round_: Round, folder: Path, recipients: Mapping[str, Recipient]
) -> Iterator[Dangling]:
    """Every reference of a round that leads nowhere; `recipients` are those it concerns."""
    report = round_.national_report
    if report and report.file:
        yield from _file(report.file, folder, ("national_report", "file"))
    if report and report.press_release and report.press_release.file:
        release = report.press_release.file
        yield from _file(release, folder, ("national_report", "press_release", "file"))
    for n, claim in enumerate(round_.claims):
        yield from _claim(claim, round_, ("claims", n))
    for n, quotation in enumerate(round_.quotations):
        if not _DIGEST.fullmatch(quotation.sha256):
            what = f"'{quotation.sha256}' is not a SHA-256 digest."
            fix = "Write 64 hexadecimal digits; 'letters check --publication' names them."
            yield Dangling(("quotations", n, "sha256"), what, fix)
    for n, exception in enumerate(round_.named_exceptions):
        steps = ("named_exceptions", n, "letters")
        yield from _unknown(exception.letters, recipients, steps, f"a {round_.nouns.one}")


def _file(name: str, folder: Path, steps: Steps) -> Iterator[Dangling]:
    if Path(name).suffix.lower() not in REPORT_FORMS:
        what = f"'{name}' is in no form that can be read."
        yield Dangling(steps, what, f"Name a file that ends in {_listed_or(REPORT_FORMS)}.")
    elif Path(name).name != name or not (folder / name).is_file():
        files = (path for path in files_in(folder) if path.parent == folder)
        known = [path.name for path in files if path.suffix in REPORT_FORMS]
        what = f"The round's folder has no file '{name}'."
        yield Dangling(steps, what, did_you_mean(name, known) or "Put it there.")


def _claim(claim: Claim, round_: Round, steps: Steps) -> Iterator[Dangling]:
    yield from _unknown(claim.counts, round_.outcomes, (*steps, "counts"), "an outcome")
    yield from _unknown(claim.of, round_.outcomes, (*steps, "of"), "an outcome")
    if not claim.counts and not claim.where and not claim.measures:
        what = "The claim does not say what it counts."
        yield Dangling(steps, what, "List outcomes under 'counts', or values under 'where'.")
    if len(claim.measures) > 1:
        what = f"The claim has {_and(tuple(claim.measures))}."
        yield Dangling(steps, what, "Write a claim for each; it may quote the same sentence.")
    for measure, name in claim.measures.items():
        yield from _number(name, round_, (*steps, measure.value))
    if claim.printed_in not in PRINTED_IN:
        what = f"'{claim.printed_in}' is no place where claims are printed."
        yield Dangling((*steps, "printed_in"), what, listed(PRINTED_IN, claim.printed_in))
    for name, value in claim.where.items():
        yield from _value(name, value, round_, (*steps, "where", name))


def _value(name: str, value: str, round_: Round, steps: Steps) -> Iterator[Dangling]:
    field = round_.fields.get(name)
    choices = _choices(field)
    if field is None:
        fix = did_you_mean(name, round_.fields) or "Declare it under 'fields'."
        yield Dangling(steps, f"'{name}' is not a field of this round.", fix)
    elif not choices:
        what = f"'{name}' is of type '{field.type}', whose values cannot be counted."
        yield Dangling(steps, what, "Name a field of type yes-no or choice.")
    elif value not in choices:
        yield Dangling(steps, f"'{value}' is not a value of '{name}'.", listed(choices, value))


def _number(name: str, round_: Round, steps: Steps) -> Iterator[Dangling]:
    of, _, part = name.partition(".")
    listed_ = round_.fields.get(of)
    if listed_ and listed_.type is FieldType.LIST and steps[-1] == "sum":
        numbers = [n for n, f in listed_.fields.items() if f.type is FieldType.NUMBER]
        if part and part not in numbers:
            what = f"'{part}' is not a number of the entries of '{of}'."
            yield Dangling(steps, what, did_you_mean(part, numbers) or f"Write 'sum: {of}'.")
        return
    field = round_.fields.get(name)
    known = [each for each, declared in round_.fields.items() if declared.type is FieldType.NUMBER]
    if field is None:
        fix = did_you_mean(name, known) or "Declare it under 'fields', with the type number."
        yield Dangling(steps, f"'{name}' is not a field of this round.", fix)
    elif field.type is not FieldType.NUMBER:
        what = f"'{name}' is of type '{field.type}', which has no sum, average or highest value."
        yield Dangling(steps, what, did_you_mean(name, known) or "Name a field of type number.")


def _and(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def _choices(field: RecordField | None) -> tuple[str, ...]:
    if field and field.type is FieldType.YES_NO:
        return ("yes", "no")
    if field and field.type is FieldType.LIST:
        return ("yes",)  # it has entries
    return field.choices if field else ()


def _unknown(
    ids: Collection[str], known: Mapping[str, object], steps: Steps, noun: str
) -> Iterator[Dangling]:
    for n, id_ in enumerate(ids):
        if id_ not in known:
            what = f"'{id_}' is not {noun} of this round."
            yield Dangling((*steps, n), what, listed(tuple(known), id_))


def _listed_or(names: tuple[str, ...]) -> str:
    """Names as alternatives: ".pdf, .docx or .txt"."""
    return f"{', '.join(names[:-1])} or {names[-1]}"


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
        if is_open and (choices := _chosen((r.id, _listed(r.signatory)) for r in together)):
            what = f"The recipients of this joint letter name different signatories: {choices}."
            yield Problem(place, what, "Name the one who signs in the record's 'signatory'.")
        if choices := _chosen((r.id, r.delivery) for r in together):
            what = f"The recipients of this joint letter have different delivery lines: {choices}."
            yield Problem(place, what, "Make them equal in recipients.yaml.")


def _listed(ids: Sequence[str]) -> str:
    return "; ".join(ids)


def _chosen(chosen: Iterable[tuple[str, str | None]]) -> str:
    """Who chose what, if two chose differently."""
    told = [(id_, choice) for id_, choice in chosen if choice]
    if len({choice for _, choice in told}) < 2:
        return ""
    return ", ".join(f"'{choice}' for {id_}" for id_, choice in told)


class Placeholder(NamedTuple):
    """What a placeholder prints, and what to do where it holds nothing."""

    meaning: str
    home: str


_COPY = "an entry of copied_to in recipients.yaml"
_ADDRESSEE = "an addressee in recipients.yaml"
_FIRST = "Give the first addressee"

PLACEHOLDERS = {
    "addressee_name": Placeholder(
        "The first addressee's name, without honours.", f"{_FIRST} a name in recipients.yaml"
    ),
    "addressee_office": Placeholder(
        "The first addressee's office.", f"{_FIRST} an office in recipients.yaml"
    ),
    "addressee_postal": Placeholder(
        "The addressees' postal addresses, a line each. Private.",
        f"Fill in 'postal' of {_ADDRESSEE}",
    ),
    "addressee_email": Placeholder(
        "The addressees' e-mail addresses. Private.", f"Fill in 'email' of {_ADDRESSEE}"
    ),
    "copied_to_postal": Placeholder(
        "The copies' postal addresses, a line each. Private.", f"Fill in 'postal' of {_COPY}"
    ),
    "copied_to_email": Placeholder(
        "The copies' e-mail addresses. Private.", f"Fill in 'email' of {_COPY}"
    ),
    "salutation": Placeholder(
        "The person that the letter greets, such as 'Chief Constable'.",
        "Fill in salutation in recipients.yaml",
    ),
    "delivery": Placeholder(
        "The delivery line, such as 'Via email'.", "Fill in delivery in recipients.yaml"
    ),
    "sent_date": Placeholder("The letter's date.", "Fill in sent in round.yaml"),
    "published_date": Placeholder(
        "The day the letters are published.", "Fill in published in round.yaml"
    ),
    "updated_date": Placeholder(
        "The day published letters were last changed.", "Fill in updated in round.yaml"
    ),
    "signatory_name": Placeholder(
        "The signatory's name, without honours.", "Fill in the signatory's name in round.yaml"
    ),
    "signatory_honours": Placeholder(
        "The signatory's honours, such as QPM.", "Fill in the signatory's honours in round.yaml"
    ),
    "signatory_office": Placeholder(
        "The signatory's first office.", "Fill in the signatory's offices in round.yaml"
    ),
    "signatory_offices": Placeholder(
        "The signatory's offices, a line each.", "Fill in the signatory's offices in round.yaml"
    ),
    "signatory_address": Placeholder(
        "The address of the signatory's office, or the sender's, a line each.",
        "Fill in the signatory's address in round.yaml",
    ),
    "signatory_phone": Placeholder(
        "The signatory's direct line.", "Fill in the signatory's phone in round.yaml"
    ),
    "signatory_email": Placeholder(
        "The signatory's e-mail address.", "Fill in the signatory's email in round.yaml"
    ),
    "our_ref": Placeholder("The letter's reference.", "Fill in the record's our_ref"),
    "your_ref": Placeholder("The addressee's reference.", "Fill in the record's your_ref"),
    "contact_name": Placeholder("The contact's name.", "Fill in contact.name in round.yaml"),
    "contact_email": Placeholder(
        "The contact's e-mail address.", "Fill in contact.email in round.yaml"
    ),
    "contact_phone": Placeholder(
        "The contact's telephone number.", "Fill in contact.phone in round.yaml"
    ),
    "outcome": Placeholder(
        "The outcome's id; use it in conditions.", "Fill in the record's outcome"
    ),
    "outcome_title": Placeholder("The outcome's title.", "Fill in the record's outcome"),
    "sender_name": Placeholder("The inspectorate's name.", "Fill in sender.name in round.yaml"),
    "round_title": Placeholder("The round's title.", "Fill in title in round.yaml"),
}
"""Every placeholder a round has besides its nouns and its record fields."""

BUILT_IN = frozenset(PLACEHOLDERS) | {
    "signatory",
    "subject",
    "outcome_wording",
    "document_title",
    "draft_mark",
}
"""Placeholders, columns and the names the wording and the layouts give to parts of a letter."""

_EXPRESSION_WORDS = frozenset(
    ("and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "loop", "self")
)


def is_taken(name: str, round_: Round) -> bool:
    """Whether a field of `round_` called `name` would hide something else in a template."""
    noun = round_.nouns.one
    own = {noun, f"{noun}_id", f"{noun}_name"}
    is_part = name.startswith("letter_") or name.endswith("_label")
    return is_part or name in own | (BUILT_IN - LATER) | _EXPRESSION_WORDS


def is_noun_taken(noun: str) -> bool:
    """Whether `noun` as the name of a column, or in `noun_id` and `noun_name`, would clash."""
    return bool({noun, f"{noun}_id", f"{noun}_name"} & (BUILT_IN | _EXPRESSION_WORDS))


def placeholders(round_: Round) -> dict[str, str]:
    """Every placeholder the wording of `round_` may use, with a line on what it prints."""
    noun = round_.nouns.one
    own = {
        f"{noun}_id": f"The {noun}'s id in recipients.yaml.",
        f"{noun}_name": f"The {noun}'s name; both names in a joint letter.",
    }
    fields = {name: field.help or f"The record's {name}." for name, field in round_.fields.items()}
    return own | {name: each.meaning for name, each in PLACEHOLDERS.items()} | fields


def where_recorded(name: str) -> str:
    """What to do, as the beginning of a sentence, where the placeholder `name` holds nothing."""
    return PLACEHOLDERS[name].home if name in PLACEHOLDERS else f"Fill in {name}"
