"""Names a record field may not have, because a letter uses them already."""

from __future__ import annotations

from letters.model import Round

BUILT_IN = frozenset(
    (
        "addressee_name", "addressee_office", "addressee_postal", "addressee_email",
        "copied_to_postal", "copied_to_email", "salutation", "delivery", "sent_date",
        "published_date", "updated_date", "signatory_name", "signatory_honours",
        "signatory_office", "contact_name", "contact_email", "contact_phone", "outcome",
        "outcome_title", "sender_name", "round_title", "signatory",
        "subject", "outcome_wording", "document_title", "draft_mark",
    )
)  # fmt: skip
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
