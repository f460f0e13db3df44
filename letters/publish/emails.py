"""E-mail addresses in letters that belong to other forces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from letters.model import Recipient
from letters.publish.spots import Spot, hrefs

_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def addresses(spot: Spot) -> Iterator[str]:
    """Every e-mail address a reader of a block sees or is led to, in lower case, each once."""
    texts = (spot.text, *hrefs(spot.content))
    yield from dict.fromkeys(m[0].lower() for text in texts for m in _ADDRESS.finditer(text))


def holders(recipients: Iterable[Recipient]) -> dict[str, frozenset[str]]:
    """The ids of the forces that each address, and each domain after its '@', belongs to."""
    found: dict[str, frozenset[str]] = {}
    for recipient in recipients:
        for person in (*recipient.addressees, *recipient.copied_to):
            if person.email:
                address = person.email.lower()
                for key in (address, domain(address)):
                    found[key] = found.get(key, frozenset()) | {recipient.id}
    return found


def strangers(address: str, known: Mapping[str, frozenset[str]], own: set[str]) -> frozenset[str]:
    """The forces an address belongs to, if none of them is among `own`.

    An address nobody is known by belongs to those who use its domain.
    """
    ids = known.get(address) or known.get(domain(address)) or frozenset()
    return frozenset() if ids & own else ids


def domain(address: str) -> str:
    """What stands after the '@', with it."""
    return address[address.rindex("@") :]
