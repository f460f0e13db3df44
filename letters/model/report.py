"""What `round.yaml` says of the national report, and of the words that letters must keep to."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field

from letters.model.base import FieldId, Id, Model, Text

REPORT, RELEASE, ELSEWHERE = "national report", "press release", "elsewhere"
PRINTED_IN = (REPORT, RELEASE, ELSEWHERE)
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
        REPORT, description="Where it stands: national report, press release, or elsewhere."
    )


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
