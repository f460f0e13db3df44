"""The placeholders of a letter, and the names that a round may therefore not give its own."""

from typing import NamedTuple

from letters.model import Round


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
        "Whom the letter greets, such as 'Chief Constable'.",
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
    return is_part or name in own | BUILT_IN | _EXPRESSION_WORDS


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
