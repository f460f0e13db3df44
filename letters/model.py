"""What the toolkit knows: recipients, rounds, assessments, letters. Frozen, no input or output.

The pydantic models are the shape of `recipients.yaml` and `round.yaml`: their keys, types and
descriptions are the files' documentation, their JSON Schemas and the check, in one place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from letters.errors import Place, Problem

Text = Annotated[str, StringConstraints(min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
FieldId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+$")]


Day = date
"""A day, where a key is itself named `date`."""


class Model(BaseModel):
    """A frozen shape that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


REPORT, RELEASE, ELSEWHERE = "national report", "press release", "elsewhere"
SUMMARY, LETTERS = "summary", "letters"
PRINTED_IN = (REPORT, RELEASE, SUMMARY, LETTERS, ELSEWHERE)
"""Where a claim may be printed. What stands elsewhere is not looked up, only counted."""

REPORT_FORMS = (".pdf", ".docx", ".html", ".txt")
"""The forms of a report that claims are looked up in."""


class PressRelease(Model):
    """The press release beside the national report: a web address, a file of the round, or both."""

    title: Text | None = Field(None, description="The press release's title.")
    address: Text | None = Field(None, description="Its web address.")
    file: Text | None = Field(
        None, description="A copy in the round's folder: .pdf, .docx, .html or .txt."
    )


class NationalReport(Model):
    """The report the letters are published beside: a web address, a file of the round, or both."""

    title: Text = Field(description="The national report's title.")
    address: Text | None = Field(None, description="Its web address.")
    file: Text | None = Field(
        None, description="A copy in the round's folder: .pdf, .docx, .html or .txt."
    )
    press_release: PressRelease | None = Field(None, description="The press release beside it.")


class Claim(Model):
    """A sentence printed about the round, with one number or some names, and what it counts.

    It counts forces, not letters: those whose record has one of the outcomes `counts` and all the
    values `where`. A share is one of the forces with an outcome in `of`.
    """

    sentence: Text = Field(
        description="A sentence, or part of one, as printed: one number, names of forces, or both."
    )
    counts: tuple[Id, ...] = Field((), description="The outcomes it counts; all unless given.")
    where: Mapping[FieldId, Text] = Field(
        default_factory=dict,
        description="Values of yes-no and choice fields that the records counted hold.",
    )
    of: tuple[Id, ...] = Field(
        (), description="The outcomes that a share is taken of; all forces unless given."
    )
    printed_in: Text = Field(
        REPORT,
        description="Where it is: national report, press release, summary, letters, elsewhere.",
    )


class NotClaim(Model):
    """Words with a number that counts no records of the round, such as one of another year."""

    words: Text = Field(description="The words that hold the number, as printed.")
    reason: Text = Field(description="Why no record of the round can bear them out, for people.")


class Quotation(Model):
    """Words that letters quote, known by the digest of their source text."""

    begins: Text = Field(
        description="Its first words: they tell which quotation of a letter it is."
    )
    source: Text = Field(description="Where the words were taken from, for people.")
    sha256: Text = Field(description="SHA-256 of the source text; 'check --publication' names it.")


class RetiredTerm(Model):
    """A term that letters use inside quotations only."""

    term: Text = Field(description="The term no longer used.")
    instead: Text = Field(description="The term used now.")


class NamedException(Model):
    """A name that letters may hold although it is that of another force, officer or body."""

    name: Text = Field(description="The words as letters hold them, such as Kent Road.")
    reason: Text = Field(description="Why they may.")
    letters: tuple[Id, ...] = Field(
        (), description="The forces whose letters may hold them; all letters unless given."
    )


class Answer(Model):
    """What a person answered to a question of a check; void once what it quotes has changed."""

    question: Text = Field(description="What the question quotes, as the check prints it.")
    answer: Text = Field(description="One of the answers that the check names.")
    date: Day = Field(description="When it was answered, such as 2 October 2017.")
    reason: Text = Field(description="Why, for people.")


class Person(Model):
    """An addressee, or someone a letter is copied to: a person, an office, or both."""

    name: Text | None = Field(None, description="The person's name, as printed.")
    honours: Text | None = Field(None, description="Letters after the name, such as QPM.")
    office: Text | None = Field(None, description="The office held, such as Chief Constable.")
    organisation: Text | None = Field(
        None,
        description="Printed under the office; an addressee's is the force's name unless given.",
    )
    postal: tuple[Text, ...] = Field((), description="Postal address, a line each. Private.")
    email: Email | None = Field(None, description="E-mail address. Private.")


class Recipient(Model):
    """Who gets a force's letter. One entry of `recipients.yaml`, under the force's id."""

    id: Id = Field(exclude=True)
    name: Text = Field(description="The force's name, as printed.")
    addressees: tuple[Person, ...] = Field(
        min_length=1, description="Those the letter is written to, in the order printed."
    )
    salutation: tuple[Text, ...] = Field(
        min_length=1, max_length=2, description="The people that the letter greets: one or two."
    )
    copied_to: tuple[Person, ...] = Field(
        description="Those who get a copy: an office, or a person and an office. 'none' for no one."
    )
    delivery: Text | None = Field(None, description="The delivery line, such as 'Via email'.")
    signatory: Id | None = Field(None, description="Who signs this recipient's letters.")


class Signatory(Model):
    """Who signs: name, honours, offices in the order printed, and a signature image."""

    name: Text = Field(description="The signatory's name, as printed.")
    honours: Text | None = Field(None, description="Letters after the name, such as QPM.")
    offices: tuple[Text, ...] = Field(min_length=1, description="Offices held, a line each.")
    signature: Text = Field(
        description="Image of the signature, PNG or JPEG, in the round's folder."
    )


class Contact(Model):
    """Who answers queries about a letter."""

    name: Text = Field(description="The contact's name.")
    email: Email | None = Field(None, description="The contact's e-mail address.")
    phone: Text | None = Field(None, description="The contact's telephone number.")


class Approver(Model):
    """Somebody who may approve letters."""

    name: Text = Field(description="The person's name.")
    role: Text | None = Field(None, description="What the person does, such as Head of reporting.")
    key: Text | None = Field(
        None, description="The person's SSH public key, the line of a .pub file: they sign with it."
    )


class ApprovalRule(StrEnum):
    """Who must be among those who approve a letter."""

    ANYONE = "anyone"
    SIGNATORY = "signatory"


class Sender(Model):
    """The inspectorate, as its letterhead names it."""

    name: Text = Field(description="The inspectorate's name.")
    address: tuple[Text, ...] = Field((), description="The office's address, a line each.")


class FieldType(StrEnum):
    """What kind of value a record field holds."""

    TEXT = "text"
    RICH_TEXT = "rich text"
    YES_NO = "yes-no"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"


class RecordField(Model):
    """A field of a round's records, as `round.yaml` declares it."""

    type: FieldType = Field(description="text, rich text, yes-no, date, number or choice.")
    required: bool = Field(False, description="yes: every finished record must fill it in.")
    help: Text | None = Field(
        None, description="What to write in the field, for the person who fills it in."
    )
    choices: tuple[Text, ...] = Field((), description="The values a choice may take.")
    private: bool = Field(
        False, description="yes: only letters as sent hold it, nothing that is published does."
    )


class Private(StrEnum):
    """A part of the letter that a round may keep out of what is published."""

    CONTACT_NAME = "contact_name"
    CONTACT_EMAIL = "contact_email"
    CONTACT_PHONE = "contact_phone"
    SIGNATURE = "signature"


class Nouns(Model):
    """What a round calls those it assesses; `one` also names the records' column."""

    one: FieldId = Field("force", description="Singular, in lower case: force, service.")
    many: Text = Field("forces", description="Plural, in lower case: forces, services.")


class Round(Model):
    """One inspection's letters. The shape of `round.yaml`."""

    id: Id = Field(exclude=True)
    title: Text = Field(description="The round's title, for lists and status tables.")
    wording: Text = Field(description="The folder of templates/ that holds the wording.")
    layout: Text = Field(description="The folder of templates/ that holds the layout.")
    language: Text = Field("en-GB", description="Language of the letters, such as en-GB or cy.")
    sender: Sender = Field(description="The inspectorate.")
    sent: date = Field(description="The letters' date, such as 2 October 2017.")
    published: datetime | None = Field(
        None,
        description="When the letters are published, in London time: 5 October 2017 at 00:01.",
    )
    updated: date | None = Field(None, description="When published letters were last changed.")
    private: tuple[Private, ...] = Field(
        (), description="What letters as sent hold and published ones do not: contact_phone, …"
    )
    publication_types: tuple[Text, ...] = Field(
        (), description="Kinds of publication, for its page, such as Letter."
    )
    summary: tuple[Text, ...] = Field(
        (), description="The opening of the publication's page, a paragraph a line."
    )
    nouns: Nouns = Field(Nouns(), description="What the round calls those it assesses.")
    recipients: tuple[Id, ...] | None = Field(
        None, description="The forces this round concerns; all of recipients.yaml unless given."
    )
    contact: Contact | None = Field(None, description="Who answers queries.")
    signatories: Mapping[Id, Signatory] = Field(min_length=1, description="Who signs, by id.")
    signatory: Id | None = Field(
        None, description="Who signs unless a record or recipient says so; needed if there are two."
    )
    outcomes: Mapping[Id, Text] = Field(min_length=1, description="Each outcome's id and title.")
    fields: Mapping[FieldId, RecordField] = Field(
        default_factory=dict, description="The record's own fields, by name."
    )
    sheet: Text | None = Field(None, description="The sheet of assessments.xlsx; else its first.")
    people: Mapping[Id, Approver] = Field(
        default_factory=dict, description="Those who may approve letters, by id."
    )
    approval: ApprovalRule = Field(
        ApprovalRule.ANYONE,
        description="Who must be among them: anyone, or signatory, the one who signs the letter.",
    )
    approvals_needed: int = Field(
        1, ge=1, le=2, description="How many of them must approve each letter: 1 or 2."
    )
    handling: Text | None = Field(
        None, description="Marking on each page of a letter not approved, such as OFFICIAL."
    )
    response_days: int | None = Field(
        None, ge=1, le=366, description="Days to answer in, the day of publication counted."
    )

    national_report: NationalReport | None = Field(
        None, description="The national report the letters are published beside."
    )
    claims: tuple[Claim, ...] = Field(
        (),
        description="What is printed about the round in numbers, and the records that it rests on.",
    )
    not_claims: tuple[NotClaim, ...] = Field(
        (), description="Words with numbers of another time or thing, each with its reason."
    )
    quotations: tuple[Quotation, ...] = Field(
        (), description="Words that letters quote, each with the digest of its source text."
    )
    retired_terms: tuple[RetiredTerm, ...] = Field(
        (), description="Terms that letters use inside quotations only."
    )
    named_exceptions: tuple[NamedException, ...] = Field(
        (), description="Names of others that letters may hold, each with its reason."
    )
    answers: tuple[Answer, ...] = Field(
        (), description="Answers to questions of the checks, each with its date and reason."
    )

    @property
    def published_on(self) -> date | None:
        """The day of publication, as letters print it."""
        return self.published.date() if self.published else None


@dataclass(frozen=True, slots=True)
class RichText:
    """Markdown from a rich-text field; `place` is where its first line stands."""

    markdown: str
    place: Place


Value = str | RichText | bool | date | Decimal | tuple[str, ...] | None
"""What a placeholder prints; None where nothing is recorded.

A tuple holds several names ("Northmoor Police", "Southmoor Police"), which the wording joins with
its own "and".
"""


@dataclass(frozen=True, slots=True)
class Assessment:
    """One record: the force or, for a joint letter, forces assessed, the outcome and findings.

    `outcome` is None while the record awaits one. `places` says where each value was read, by
    field name, `outcome` and `signatory` included. `refused` are values that are None because they
    could not be read or are required, each with the problem that says so.
    """

    forces: tuple[str, ...]
    outcome: str | None
    signatory: str | None
    values: Mapping[str, Value]
    place: Place
    places: Mapping[str, Place]
    refused: Mapping[str, Problem] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Letter:
    """A record merged with its recipients and round: all a letter needs, in no format.

    `id` names the letter's files, `signatory_id` the signatory. `values` maps every placeholder of
    the wording to its value; `places` says where those that come from a record were read. `missing`
    names required fields (and `outcome`) that hold nothing: only drafts are made of such a letter.
    `refused` are values of the record that could not be read, each with the problem that says why.
    """

    id: str
    round: Round
    recipients: tuple[Recipient, ...]
    addressees: tuple[Person, ...]
    salutation: tuple[str, ...]
    copied_to: tuple[Person, ...]
    delivery: str | None
    signatory: Signatory
    signature: bytes = field(repr=False)
    outcome: str | None
    values: Mapping[str, Value]
    places: Mapping[str, Place]
    missing: tuple[str, ...]
    refused: Mapping[str, Problem] = field(default_factory=dict)
    signatory_id: str = ""


def letter_id(forces: Iterable[str]) -> str:
    """The name of a letter's files: the force's id, or a joint letter's ids joined by `-and-`."""
    return "-and-".join(forces)
