"""The placeholders of a letter, and the names that a round may therefore not give its own."""

from __future__ import annotations

from letters.model import Round

PLACEHOLDERS = {
    "addressee_name": "The first addressee's name, without honours.",
    "addressee_office": "The first addressee's office.",
    "addressee_postal": "The addressees' postal addresses, a line each. Private.",
    "addressee_email": "The addressees' e-mail addresses. Private.",
    "copied_to_postal": "The copies' postal addresses, a line each. Private.",
    "copied_to_email": "The copies' e-mail addresses. Private.",
    "salutation": "Whom the letter greets, such as 'Chief Constable'.",
    "delivery": "The delivery line, such as 'Via email'.",
    "sent_date": "The letter's date.",
    "published_date": "The day the letters are published.",
    "updated_date": "The day published letters were last changed.",
    "signatory_name": "The signatory's name, without honours.",
    "signatory_honours": "The signatory's honours, such as QPM.",
    "signatory_office": "The signatory's first office.",
    "contact_name": "The contact's name.",
    "contact_email": "The contact's e-mail address.",
    "contact_phone": "The contact's telephone number.",
    "outcome": "The outcome's id; use it in conditions.",
    "outcome_title": "The outcome's title.",
    "sender_name": "The inspectorate's name.",
    "round_title": "The round's title.",
}
"""Every placeholder a round has besides its nouns and its record fields, and what it prints."""

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
    return own | PLACEHOLDERS | fields
