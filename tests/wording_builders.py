"""A small round, its letters and wordings of a few lines, for tests of the wording."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from letters.document import Block, Document
from letters.errors import Place, ProblemsFound
from letters.model import Letter, Person, Recipient, RichText, Round, Value
from letters.project.placeholders import placeholders
from letters.wording import Wording, typeset

FOLDER = "templates/plans"
RECORD = Place("rounds/plans/assessments.yaml", 4)
LABELS: Mapping[str, str] = {
    "title": "'{{ subject }} – {{ force_name }}'",
    "salutation": "Dear {{ salutation }}",
    "and": "and",
    "copied_to": "'Copied to:'",
    "closing": "Yours sincerely",
    "signature": "Signature of {{ signatory_name }}",
    "page": "Page",
    "of": "of",
    "draft": "DRAFT",
    "gap": "to be added",
    "letter_information": "Letter information",
    "from": "From",
    "to": "To",
    "sent_on": "Sent on",
}


def a_round(**changes: Any) -> Round:
    """A round with one field of each type."""
    shape: dict[str, Any] = {
        "id": "plans",
        "title": "Plans",
        "wording": "plans",
        "layout": "letterhead",
        "sender": {"name": "Inspectorate of Fens", "address": ["1 Fen Lane", "Marshton"]},
        "sent": date(2026, 3, 2),
        "published": date(2026, 3, 9),
        "contact": {"name": "Robin Hale", "email": "letters@fens.example"},
        "signatories": {
            "lowe": {
                "name": "Marian Lowe",
                "honours": "OBE",
                "offices": ["Inspector of Fens", "Inspector of Fire & Rescue"],
                "signature": "signature.png",
            }
        },
        "outcomes": {"in-place": "Plan in place", "not-yet": "No plan yet"},
        "fields": {
            "lead": {"type": "text"},
            "annex": {"type": "text"},
            "findings": {"type": "rich text"},
            "checked": {"type": "yes-no"},
            "visited": {"type": "date"},
            "waiting": {"type": "number"},
            "store": {"type": "choice", "choices": ["own", "shared"]},
        },
    }
    return Round.model_validate(shape | changes)


def a_recipient(**changes: Any) -> Recipient:
    """A force, its chief and who gets a copy."""
    shape: dict[str, Any] = {
        "id": "fenmark",
        "name": "Fenmark Police",
        "addressees": [{"name": "Ada Reed", "honours": "QPM", "office": "Chief Constable"}],
        "salutation": ["Chief Constable"],
        "copied_to": [{"office": "Commissioner for Fenmark"}],
    }
    return Recipient.model_validate(shape | changes)


def a_letter(
    values: Mapping[str, Value] | None = None,
    *,
    round_: Round | None = None,
    recipients: tuple[Recipient, ...] = (),
    outcome: str | None = "in-place",
    missing: tuple[str, ...] = (),
    **changes: Any,
) -> Letter:
    """A letter whose record holds `values` and nothing else."""
    round_ = round_ or a_round()
    recipients = recipients or (a_recipient(),)
    known: dict[str, Value] = dict.fromkeys(placeholders(round_), None)
    known |= {
        f"{round_.nouns.one}_id": recipients[0].id,
        f"{round_.nouns.one}_name": _one_or_more(tuple(r.name for r in recipients)),
        "salutation": "Chief Constable",
        "sent_date": round_.sent,
        "published_date": round_.published,
        "signatory_name": "Marian Lowe",
        "contact_name": "Robin Hale",
        "contact_email": "letters@fens.example",
        "sender_name": round_.sender.name,
        "round_title": round_.title,
        "outcome": outcome,
        "outcome_title": round_.outcomes[outcome] if outcome else None,
    }
    shape: dict[str, Any] = {
        "id": "-and-".join(recipient.id for recipient in recipients),
        "round": round_,
        "recipients": recipients,
        "addressees": tuple(_addressees(recipients)),
        "salutation": tuple(dict.fromkeys(s for r in recipients for s in r.salutation)),
        "copied_to": tuple(copy for r in recipients for copy in r.copied_to),
        "delivery": recipients[0].delivery,
        "signatory": next(iter(round_.signatories.values())),
        "signature": b"png",
        "outcome": outcome,
        "values": known | dict(values or {}),
        "places": dict.fromkeys(values or {}, RECORD),
        "missing": missing,
    }
    return Letter(**(shape | changes))


def rich(markdown: str, line: int = 5) -> RichText:
    """Markdown as a record holds it."""
    return RichText(markdown, Place(RECORD.file, line, field="findings"))


def a_wording(root: Path, body: str = "", **files: str | None) -> Wording:
    """A wording whose letter.md is a subject and `body`, unless `letter` is given whole."""
    write_wording(root, body, **files)
    return Wording.load(root / FOLDER, root)


def write_wording(root: Path, body: str = "", **files: str | None) -> None:
    """The files of a wording. `outcomes__x` is outcomes/x.md; `labels` are given as a text."""
    texts: dict[str, str | None] = {
        "letter": f"# Subject\n\n{body}",
        "outcomes__in-place": "Your plan is in place.\n",
        "outcomes__not-yet": "You have no plan yet.\n",
        "labels": "".join(f"{key}: {text}\n" for key, text in LABELS.items()),
    }
    for name, text in (texts | files).items():
        path = root / FOLDER / name.replace("__", "/")
        path = path.with_name(path.name + (".yaml" if name == "labels" else ".md"))
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8", newline="\n")


def set_letter(
    root: Path,
    body: str,
    values: Mapping[str, Value] | None = None,
    *,
    files: Mapping[str, str | None] | None = None,
    drafts: bool = False,
    **letter: Any,
) -> Document:
    """The document of a letter worded by `body` under a subject."""
    wording = a_wording(root, body, **(files or {}))
    return typeset(a_letter(values, **letter), wording, drafts=drafts)


def body_of(root: Path, body: str, *args: Any, **kwargs: Any) -> tuple[Block, ...]:
    """The blocks of such a letter's body."""
    return set_letter(root, body, *args, **kwargs).slots["letter_body"]


def messages(found: ProblemsFound) -> list[str]:
    """Problems as printed."""
    return [str(problem) for problem in found.problems]


def _one_or_more(names: tuple[str, ...]) -> Value:
    return names[0] if len(names) == 1 else names


def _addressees(recipients: tuple[Recipient, ...]) -> list[Person]:
    return [
        person.model_copy(update={"organisation": person.organisation or recipient.name})
        for recipient in recipients
        for person in recipient.addressees
    ]
