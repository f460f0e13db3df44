"""Whether the records bear out what is printed about a round."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from letters.errors import Place, Problem
from letters.gate.counts import Groups
from letters.gate.names import Names, force_names
from letters.gate.quantities import Quantity, quantities
from letters.gate.report import Report, folded, position
from letters.model import Claim, Nouns, Recipient

_SOME = re.compile(r"\b(?:including|such as|among|for example|for instance|e\.g\.|notably)", re.I)
_ONLY = re.compile(r"\bonly\b", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True)
class Reading:
    """What claims are read with.

    `groups` are the forces of the round by their records, `nouns` what it calls them, `forces` all
    those known, whose names a sentence may hold. `signed` are the outcomes of forces as their
    letters were approved.
    """

    groups: Groups
    nouns: Nouns
    forces: Mapping[str, Recipient]
    signed: Mapping[str, str]

    @cached_property
    def names(self) -> Names:
        """The names of all forces."""
        return Names(force_names(self.forces.values()))


def claim_problems(claim: Claim, reading: Reading, place: Place) -> tuple[Problem, ...]:
    """What is wrong with a claim: nothing to count, too many numbers, not yet known, or false."""
    # A name may hold a number: the Seven Lesser Skerries.
    said = quantities(reading.names.without(claim.sentence), reading.nouns)
    named = _named(claim.sentence, reading)
    if unclear := _unclear(claim, said, named):
        return (Problem(place, *unclear),)
    if reading.groups.awaiting:
        return (_too_early(claim, reading, place),)
    faults = [*_false_numbers(claim, said, reading), *_false_names(claim, said, named, reading)]
    if not faults:
        return ()
    what = f"{_quoted(claim)} is not what the records say: {'; '.join(faults)}."
    return (Problem(place, what, _correction(claim, reading)),)


def standing_problems(claim: Claim, report: Report, place: Place) -> tuple[Problem, ...]:
    """Whether the sentence of a claim stands in the report it is said to be printed in."""
    if position(claim.sentence, report.text) >= 0:
        return ()
    what = f"{_quoted(claim)} does not stand in {report.file}."
    near = _nearest(claim, report)
    fix = f"It says '{near}'" if near else "Quote the sentence as it is printed."
    return (Problem(place, what, fix),)


def _nearest(claim: Claim, report: Report) -> str:
    """The sentence of the report that comes nearest to the claim's; empty where none is near."""
    sought = folded(claim.sentence)
    length = len(sought.split())
    pieces: dict[str, str] = {}
    for sentence in _END.split(report.text):
        words = sentence.split()
        for n in range(max(1, len(words) - length + 1)):
            pieces.setdefault(" ".join(words[n : n + length]), sentence)
    near = get_close_matches(sought, pieces, n=1)
    return pieces[near[0]] if near else ""


def _unclear(
    claim: Claim, said: tuple[Quantity, ...], named: tuple[Recipient, ...]
) -> tuple[str, str] | None:
    if len(said) > 1:
        numbers = ", ".join(f"'{each.words}'" for each in said)
        what = f"{_quoted(claim)} holds {len(said)} numbers: {numbers}."
        return what, "Claim each part of the sentence that holds one of them."
    if not said and not named:
        what = f"{_quoted(claim)} holds no number and names nobody of recipients.yaml."
        return what, "Quote the part of the sentence that holds the number."
    return None


def _too_early(claim: Claim, reading: Reading, place: Place) -> Problem:
    groups = reading.groups
    awaiting, all_ = len(groups.awaiting), len(groups.recipients)
    verb = "awaits" if awaiting == 1 else "await"
    what = (
        f"{_quoted(claim)} cannot be supported yet: the records count {len(groups.counted(claim))},"
        f" and {awaiting} of {all_} {reading.nouns.many} {verb} an outcome."
    )
    return Problem(place, what, "Record every outcome first.")


def _false_numbers(claim: Claim, said: tuple[Quantity, ...], reading: Reading) -> Iterator[str]:
    count, whole = len(reading.groups.counted(claim)), len(reading.groups.whole(claim))
    for quantity in said:
        if quantity.whole not in (None, whole):
            yield f"it says there are {quantity.whole}, they count {whole}"
        if not quantity.holds(count, whole):
            yield f"it says '{quantity.words}', they count {_counted(count, whole, quantity)}"


def _counted(count: int, whole: int, quantity: Quantity) -> str:
    if not quantity.is_share:
        return str(count)
    share = f" ({100 * count / whole:.1f}%)" if whole else ""
    return f"{count} of {whole}{share}"


def _named(sentence: str, reading: Reading) -> tuple[Recipient, ...]:
    """The forces a sentence names, each once."""
    ids = [id_ for found in reading.names.find(sentence) for id_ in sorted(found.name.forces)]
    return tuple(reading.forces[id_] for id_ in dict.fromkeys(ids))


def _false_names(
    claim: Claim, said: tuple[Quantity, ...], named: tuple[Recipient, ...], reading: Reading
) -> Iterator[str]:
    counted = {each.id: each for each in reading.groups.counted(claim)}
    ids = {each.id for each in named}
    for each in named:
        if each.id not in counted:
            yield f"it names {each.name}, {_standing(each, reading)}"
    if named and _is_whole_list(claim, said):
        for id_, each in counted.items():
            if id_ not in ids:
                yield f"it leaves out {each.name}, {_standing(each, reading)}"


def _is_whole_list(claim: Claim, said: tuple[Quantity, ...]) -> bool:
    """Whether the names are all that the sentence counts, not some of them."""
    is_count = any(not each.is_share for each in said)
    return not _SOME.search(claim.sentence) and bool(is_count or _ONLY.search(claim.sentence))


def _standing(recipient: Recipient, reading: Reading) -> str:
    outcome = reading.groups.outcome_of(recipient.id)
    return f"which is at '{outcome}'" if outcome else "which is not in this round"


def _correction(claim: Claim, reading: Reading) -> str:
    moved = tuple(_moved(claim, reading))
    if moved:
        return f"{' '.join(moved)} Correct the record, or have the sentence corrected."
    return "Correct a record, or have the sentence corrected."


def _moved(claim: Claim, reading: Reading) -> Iterator[str]:
    """Who came to another outcome since approval, into what the claim counts or out of it."""
    about = {*claim.counts, *claim.of}
    for each in reading.groups.recipients:
        was, now = reading.signed.get(each.id), reading.groups.outcome_of(each.id)
        if was and was != now and (not about or about & {was, now}):
            yield f"{each.name} is at '{now}' and was at '{was}' when its letter was approved."


def _quoted(claim: Claim) -> str:
    return f"'{claim.sentence}'"
