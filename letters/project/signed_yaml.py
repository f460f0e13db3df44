"""`approvals.yaml` as text: one entry a letter, sorted, in the spelling of `recipients.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from letters.model import Person, Recipient
from letters.project.shapes import NOBODY
from letters.project.signed import SignedLetter

HEAD = """\
# yaml-language-server: $schema=../../schemas/approvals.schema.json
# Who approved which letter, and when; written by 'letters approve'. Keep it under version control.
# 'digest' is the SHA-256 of approved/<letter>.txt, the letter's content as it was approved.
# 'recipients' are as they were then: later changes to recipients.yaml do not reach these letters.
"""


def signed_yaml(entries: Mapping[str, SignedLetter]) -> str:
    """The whole file, from which `read_signed` reads equal entries."""
    tree = {id_: _entry(entries[id_]) for id_ in sorted(entries)}
    body = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False, width=4096)
    return HEAD + body


def _entry(signed: SignedLetter) -> dict[str, object]:
    return {
        "digest": signed.digest,
        "approved": [{"by": each.by, "at": each.at.isoformat()} for each in signed.approvals],
        "recipients": {id_: _recipient(each) for id_, each in signed.recipients.items()},
    }


def _recipient(recipient: Recipient) -> dict[str, object]:
    told: dict[str, object | None] = {
        "name": recipient.name,
        "addressees": [_person(person) for person in recipient.addressees],
        "salutation": _one_or_more(recipient.salutation),
        "copied_to": [_person(person) for person in recipient.copied_to] or NOBODY,
        "delivery": recipient.delivery,
        "signatory": recipient.signatory,
    }
    return {key: value for key, value in told.items() if value is not None}


def _person(person: Person) -> dict[str, object]:
    told: dict[str, object | None] = {
        "name": person.name,
        "honours": person.honours,
        "office": person.office,
        "organisation": person.organisation,
        "postal": list(person.postal) or None,
        "email": person.email,
    }
    return {key: value for key, value in told.items() if value is not None}


def _one_or_more(texts: Sequence[str]) -> object:
    return texts[0] if len(texts) == 1 else list(texts)
