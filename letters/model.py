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

from pydantic import Field, StringConstraints

from letters.errors import Place, Problem
from letters.people import (
    Contact,
    Group,
    Head,
    Id,
    Model,
    Person,
    Recipient,
    Sender,
    Signatory,
    SigningOrder,
    Text,
)

_NAME = r"[a-z][a-z0-9]*(_[a-z0-9]+)*"
FieldId = Annotated[str, StringConstraints(pattern=f"^{_NAME}$")]
NumberId = Annotated[str, StringConstraints(pattern=rf"^{_NAME}(\.{_NAME})?$")]
Day = date  # where a key is itself named `date`


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


class Measure(StrEnum):
    """What a claim says of a number field, over the records that it counts."""

    SUM = "sum"
    AVERAGE = "average"
    MEDIAN = "median"
    HIGHEST = "highest"
    LOWEST = "lowest"


class Claim(Model):
    """A sentence printed about the round, with one number or some names, and what it counts.

    It counts forces, not letters: those whose record has one of the outcomes `counts` and all the
    values `where`. A share is one of the forces with an outcome in `of`. A claim of a number field
    says the field under what it says of it, such as `sum: devices`; it counts records then, a joint
    letter's once.
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
    sum: NumberId | None = Field(
        None, description="The number field whose sum it says; or a list, or causes.devices of one."
    )
    average: FieldId | None = Field(None, description="The number field whose average it says.")
    median: FieldId | None = Field(None, description="The number field whose median it says.")
    highest: FieldId | None = Field(None, description="The number field whose highest it says.")
    lowest: FieldId | None = Field(None, description="The number field whose lowest it says.")
    printed_in: Text = Field(
        REPORT,
        description="Where it is: national report, press release, summary, letters, elsewhere.",
    )

    @property
    def measures(self) -> Mapping[Measure, str]:
        """The number field it is about, by what it says of it; a sound claim has one or none."""
        fields = {each: getattr(self, each.value) for each in Measure}
        return {each: name for each, name in fields.items() if name}


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


class FieldType(StrEnum):
    """What kind of value a record field holds."""

    TEXT = "text"
    RICH_TEXT = "rich text"
    YES_NO = "yes-no"
    DATE = "date"
    NUMBER = "number"
    CHOICE = "choice"
    LIST = "list"


class RecordField(Model):
    """A field of a round's records, as `round.yaml` declares it."""

    type: FieldType = Field(description="text, rich text, yes-no, date, number, choice or list.")
    required: bool = Field(False, description="yes: every finished record must fill it in.")
    help: Text | None = Field(
        None, description="What to write in the field, for the person who fills it in."
    )
    choices: tuple[Text, ...] = Field((), description="The values a choice may take.")
    fields: Mapping[FieldId, "RecordField"] = Field(
        default_factory=dict, description="The fields of each entry of a list, by name."
    )
    private: bool = Field(
        False, description="yes: only letters as sent hold it, nothing that is published does."
    )


class Private(StrEnum):
    """A part of the letter that a round may keep out of what is published."""

    CONTACT_NAME = "contact_name"
    CONTACT_EMAIL = "contact_email"
    CONTACT_PHONE = "contact_phone"
    SIGNATURE = "signature"
    SIGNATORY_EMAIL = "signatory_email"
    SIGNATORY_PHONE = "signatory_phone"


class Nouns(Model):
    """What a round calls those it assesses; `one` also names the records' column."""

    one: FieldId = Field("force", description="Singular, in lower case: force, service.")
    many: Text = Field("forces", description="Plural, in lower case: forces, services.")


class RegisterUse(Model):
    """The register that a round's recipients are held against, and for which day."""

    name: Text = Field(description="Its name: police-forces, fire-services-england, or your own.")
    date_: date | None = Field(None, description="The day that counts, unless that of the letters.")


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
    register_: RegisterUse | None = Field(
        None, description="The register that the recipients are held against."
    )
    recipients: tuple[Id, ...] | None = Field(
        None, description="The forces this round concerns; all of recipients.yaml unless given."
    )
    contact: Contact | None = Field(None, description="Who answers queries.")
    signatories: Mapping[Id, Signatory] = Field(min_length=1, description="Who signs, by id.")
    signatory: tuple[Id, ...] = Field(
        (),
        description="Who signs unless a record or recipient says so, one or several in order; "
        "needed if there are two.",
    )
    signing: SigningOrder = Field(
        SigningOrder.ONE_AFTER_ANOTHER,
        description="Several signatories of a letter: side by side, or one after another.",
    )
    from_: Head = Field(
        Head.SENDER, description="Who the web letter is from: sender, or signatory, the person."
    )
    on_one_line: tuple[Group, ...] = Field(
        (), description="People printed on one line each: addressees, copies, signatories."
    )
    outcomes: Mapping[Id, Text] = Field(min_length=1, description="Each outcome's id and title.")
    fields: Mapping[FieldId, RecordField] = Field(
        default_factory=dict, description="The record's own fields, by name."
    )
    ignored_columns: tuple[Text, ...] = Field(
        (), description="Columns of the records that are for those who fill them in."
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


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list that a record holds, such as a cause of concern: its values by name."""

    values: "Mapping[str, Value]"
    place: Place


Value = str | RichText | bool | date | Decimal | Entry | tuple[str, ...] | tuple[Entry, ...] | None
"""What a placeholder prints; None where nothing is recorded.

A tuple of texts holds several names ("Northmoor Police", "Southmoor Police"), which the wording
joins with its own "and"; one of entries is what a field of type list holds, and never empty.
"""


REFERENCES = ("our_ref", "your_ref")
"""The letter's references: columns of the records beside the round's fields, and placeholders."""

RECORD_COLUMNS = ("sent", *REFERENCES)
"""Columns that all records may have. A round's own field of the name keeps its own meaning."""

LATER = frozenset(
    (*REFERENCES, "signatory_offices", "signatory_address", "signatory_phone", "signatory_email")
)
"""Placeholders that came once rounds were written: a round may have a field of the name."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """One record: the force or, for a joint letter, forces assessed, the outcome and findings.

    `outcome` is None while the record awaits one. `places` says where each value was read, by
    field name, `outcome` and `signatory` included. `refused` are values that are None because they
    could not be read or are required, each with the problem that says so.
    """

    forces: tuple[str, ...]
    outcome: str | None
    signatory: tuple[str, ...]
    values: Mapping[str, Value]
    place: Place
    places: Mapping[str, Place]
    refused: Mapping[str, Problem] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signed:
    """One who signs a letter: the id in round.yaml, the person, the image (b"" for none)."""

    id: str
    person: Signatory
    image: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Letter:
    """A record merged with its recipients and round: all a letter needs, in no format.

    `id` names the letter's files; `signed` are those who sign, one at least. `values` maps every
    placeholder of the wording to its value; `places` says where those that come from a record were
    read. `missing` names required fields (and `outcome`) that hold nothing: only drafts are made
    of such a letter.
    `refused` are values of the record that could not be read, each with the problem that says why.
    """

    id: str
    round: Round
    recipients: tuple[Recipient, ...]
    addressees: tuple[Person, ...]
    salutation: tuple[str, ...]
    copied_to: tuple[Person, ...]
    delivery: str | None
    signed: tuple[Signed, ...]
    outcome: str | None
    values: Mapping[str, Value]
    places: Mapping[str, Place]
    missing: tuple[str, ...]
    refused: Mapping[str, Problem] = field(default_factory=dict)

    @property
    def signatory(self) -> Signatory:
        """The first of those who sign, in whose name the letter's head is."""
        return self.signed[0].person

    @property
    def sent(self) -> date:
        """The letter's date: its record's, or that of the round."""
        found = self.values.get("sent_date")
        return found if isinstance(found, date) else self.round.sent


def letter_id(forces: Iterable[str]) -> str:
    """The name of a letter's files: the force's id, or a joint letter's ids joined by `-and-`."""
    return "-and-".join(forces)
