"""What stands round the body, in each slot and in the texts a layout may print."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from letters.document import (
    SLOTS,
    Block,
    Break,
    Document,
    Figure,
    Heading,
    Paragraph,
    Text,
    plain,
)
from letters.model import Letter, Value
from letters.wording import text_names, typeset
from tests.builders import (
    LABELS,
    a_letter,
    a_recipient,
    a_round,
    a_wording,
    rich,
    set_letter,
)


def typeset_letter(root: Path, of: Letter, **files: str | None) -> Document:
    return typeset(of, a_wording(root, "Text.", **files))


def lines(block: Block) -> list[str]:
    """The lines of a paragraph."""
    assert isinstance(block, Paragraph)
    out = [""]
    for inline in block.content:
        if isinstance(inline, Break):
            out.append("")
        else:
            out[-1] += plain((inline,))
    return out


def slot(document: Document, name: str) -> list[tuple[str, list[str]]]:
    """The style and lines of each paragraph in a slot."""
    return [(getattr(block, "style", ""), lines(block)) for block in document.slots[name]]


def labels(**changes: str) -> str:
    return "".join(f"{key}: {text}\n" for key, text in {**LABELS, **changes}.items())


def test_every_slot_of_a_plain_letter(tmp_path: Path) -> None:
    document = typeset_letter(tmp_path, a_letter(delivery="By hand"))
    assert list(document.slots) != []
    assert set(document.slots) == set(SLOTS)
    figures = ("letter_subject", "letter_signature")
    assert {name: slot(document, name) for name in SLOTS if name not in figures} == {
        "letter_sender": [
            ("Sender Name", ["Inspectorate of Fens"]),
            ("Sender", ["1 Fen Lane", "Marshton"]),
        ],
        "letter_addressees": [("Addressee", ["Ada Reed QPM", "Chief Constable", "Fenmark Police"])],
        "letter_delivery": [("Delivery", ["By hand"])],
        "letter_copies": [("Copied To", ["Copied to: Commissioner for Fenmark"])],
        "letter_date": [("Date", ["2 March 2026"])],
        "letter_salutation": [("Salutation", ["Dear Chief Constable"])],
        "letter_body": [("", ["Text."])],
        "letter_closing": [("Closing", ["Yours sincerely"])],
        "letter_signatory": [
            ("Signatory Name", ["Marian Lowe OBE"]),
            ("Signatory", ["Inspector of Fens", "Inspector of Fire & Rescue"]),
        ],
    }


def test_the_subject_and_the_signature(tmp_path: Path) -> None:
    document = typeset_letter(tmp_path, a_letter())
    (subject,) = document.slots["letter_subject"]
    assert isinstance(subject, Heading)
    assert (subject.level, subject.content) == (1, (Text("Subject"),))
    assert document.slots["letter_signature"] == (
        Figure(b"png", "signature", "Signature of Marian Lowe"),
    )


def test_the_document_itself(tmp_path: Path) -> None:
    document = typeset_letter(tmp_path, a_letter(), letter="# About *{{ force_name }}*\n")
    assert document.id == "fenmark"
    assert document.subject == "About Fenmark Police"
    assert document.title == "About Fenmark Police – Fenmark Police"
    assert document.author == "Inspectorate of Fens"
    assert document.language == "en-GB"
    assert document.information == (
        ("From", ("Inspectorate of Fens",)),
        ("To", ("Ada Reed QPM", "Chief Constable", "Fenmark Police")),
        ("Sent on", ("2 March 2026",)),
    )


@pytest.mark.parametrize(
    ("changes", "modified"),
    [
        ({}, date(2026, 3, 9)),
        ({"published": None}, date(2026, 3, 2)),
        ({"updated": date(2026, 4, 1)}, date(2026, 4, 1)),
    ],
)
def test_dates_of_the_file(tmp_path: Path, changes: dict[str, Any], modified: date) -> None:
    document = typeset_letter(tmp_path, a_letter(round_=a_round(**changes)))
    assert (document.created, document.modified) == (date(2026, 3, 2), modified)


COPIES = [
    ([], []),
    ([{"office": "Mayor"}], [["Copied to: Mayor"]]),
    ([{"name": "Jo Fell"}], [["Copied to: Jo Fell"]]),
    (
        [{"name": "Jo Fell", "honours": "OBE", "office": "Mayor", "organisation": "City"}],
        [["Copied to: Jo Fell OBE", "Mayor", "City"]],
    ),
    (
        [{"office": "Mayor"}, {"name": "Jo Fell", "office": "Clerk"}],
        [["Copied to: Mayor"], ["Jo Fell", "Clerk"]],
    ),
]


@pytest.mark.parametrize(("people", "expected"), COPIES)
def test_copies(tmp_path: Path, people: list[dict[str, str]], expected: list[list[str]]) -> None:
    letter = a_letter(recipients=(a_recipient(copied_to=people),))
    document = typeset_letter(tmp_path, letter)
    assert slot(document, "letter_copies") == [("Copied To", lines) for lines in expected]


ADDRESSEES = [
    ({"office": "Chief Constable"}, ["Chief Constable", "Fenmark Police"]),
    ({"name": "Ada Reed"}, ["Ada Reed", "Fenmark Police"]),
    ({"office": "Mayor", "organisation": "City of Fens"}, ["Mayor", "City of Fens"]),
]


@pytest.mark.parametrize(("person", "expected"), ADDRESSEES)
def test_addressees(tmp_path: Path, person: dict[str, str], expected: list[str]) -> None:
    letter = a_letter(recipients=(a_recipient(addressees=[person]),))
    document = typeset_letter(tmp_path, letter)
    assert slot(document, "letter_addressees") == [("Addressee", expected)]


def test_nothing_where_nothing_is_known(tmp_path: Path) -> None:
    sender = {"name": "Inspectorate of Fens"}
    letter = a_letter(round_=a_round(sender=sender), recipients=(a_recipient(copied_to=[]),))
    document = typeset_letter(tmp_path, letter)
    assert slot(document, "letter_sender") == [("Sender Name", ["Inspectorate of Fens"])]
    assert document.slots["letter_copies"] == document.slots["letter_delivery"] == ()


def a_joint_letter(**changes: Any) -> Letter:
    other = a_recipient(id="marl", name="Marl Police", salutation=["Acting Chief Constable"])
    return a_letter(recipients=(a_recipient(), other), **changes)


def test_a_joint_letter(tmp_path: Path) -> None:
    document = typeset_letter(tmp_path, a_joint_letter())
    assert document.id == "fenmark-and-marl"
    assert document.title == "Subject – Fenmark Police and Marl Police"
    assert slot(document, "letter_addressees") == [
        ("Addressee", ["Ada Reed QPM", "Chief Constable", "Fenmark Police"]),
        ("Addressee", ["Ada Reed QPM", "Chief Constable", "Marl Police"]),
    ]
    assert slot(document, "letter_salutation") == [
        ("Salutation", ["Dear Chief Constable and Acting Chief Constable"])
    ]
    assert document.texts["salutation"] == "Chief Constable and Acting Chief Constable"


def test_the_wording_joins_names_with_its_own_and(tmp_path: Path) -> None:
    wording = a_wording(tmp_path, "To {{ force_name }}.", labels=labels(**{"and": "a"}))
    document = typeset(a_joint_letter(), wording)
    assert slot(document, "letter_body") == [("", ["To Fenmark Police a Marl Police."])]
    three = replace(a_joint_letter(), salutation=("A", "B", "C"))
    assert typeset(three, wording).texts["salutation"] == "A, B a C"


def test_labels_may_hold_placeholders(tmp_path: Path) -> None:
    changed = labels(closing="Yours, {{ signatory_name | upper }}", title="{{ round_title }}")
    changed = changed.replace("title: {{ round_title }}", "title: '{{ round_title }}'")
    document = typeset_letter(tmp_path, a_letter(), labels=changed)
    assert slot(document, "letter_closing") == [("Closing", ["Yours, MARIAN LOWE"])]
    assert document.title == document.texts["title_label"] == "Plans"


def test_letters_in_welsh(tmp_path: Path) -> None:
    letter = a_letter({"visited": date(2026, 8, 1)}, round_=a_round(language="cy"))
    wording = a_wording(tmp_path, "{{ visited }}")
    document = typeset(letter, wording)
    assert slot(document, "letter_date") == [("Date", ["2 Mawrth 2026"])]
    assert slot(document, "letter_body") == [("", ["1 Awst 2026"])]
    assert document.information[2] == ("Sent on", ("2 Mawrth 2026",))
    assert document.language == "cy"


def test_texts_for_a_layout(tmp_path: Path) -> None:
    values: dict[str, Value] = {
        "lead": "A & B",
        "waiting": Decimal("3126.50"),
        "visited": date(2026, 1, 5),
    }
    letter = a_letter({**values, "checked": True, "findings": rich("x")})
    texts = typeset_letter(tmp_path, letter).texts
    assert set(texts) == text_names(a_round())
    assert {name: texts[name] for name in (*values, "annex", "page_label", "document_title")} == {
        "lead": "A & B",
        "waiting": "3126.50",
        "visited": "5 January 2026",
        "annex": "",
        "page_label": "Page",
        "document_title": "Subject – Fenmark Police",
    }


def test_text_names_are_plain_text_only() -> None:
    names = text_names(a_round(nouns={"one": "service", "many": "services"}))
    assert {"service_name", "service_id", "lead", "store", "sent_on_label", "and_label"} <= names
    assert not names & {"force_name", "checked", "findings", "recommendation", "subject"}


def test_a_round_with_its_own_nouns(tmp_path: Path) -> None:
    round_ = a_round(nouns={"one": "service", "many": "services"})
    files: dict[str, str | None] = {"labels": labels(title="'{{ service_name }}'")}
    document = set_letter(tmp_path, "For {{ service_name }}.", round_=round_, files=files)
    assert document.title == "Fenmark Police"
    assert slot(document, "letter_body") == [("", ["For Fenmark Police."])]
