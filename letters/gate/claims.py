"""Whether the records bear out what is printed about a round."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property

from letters.errors import Place, Problem, some
from letters.gate.names import Names, force_names
from letters.gate.numerals import NUMBERS, TokenKind
from letters.gate.printed import (
    Occurrence,
    cuts_a_number,
    differences,
    listed,
    occurrences,
    sentences,
    unstated,
)
from letters.gate.quantities import Groups, Quantity, Relation, Sort
from letters.gate.report import Report, comparable
from letters.gate.sentences import Sentence, read_sentence
from letters.model import Claim, Measure, NotClaim, Nouns
from letters.people import Recipient
from letters.questions import CLAIM, Answers, asked

_SOME = re.compile(
    r"\b(?:including|included|such as|among (?:them|those|these|whom)|for example|for instance|"
    r"e\.g\.|notably|one of|like)\b",
    re.IGNORECASE,
)
"""Words before names of which there are more than those listed."""
_ONLY = re.compile(r"\b(?:only|alone|sole|solely)\b", re.IGNORECASE)
_JUST = re.compile(r"(?<!not )\b(?:just|merely|simply) $", re.IGNORECASE)
_EXACT_COUNT = (Sort.COUNT, Relation.EXACTLY)
_SET_ASIDE = "or list what is no count of this round under 'not_claims', with the reason"


@dataclass(frozen=True)
class ClaimContext:
    """What claims are read with.

    `groups` are the forces of the round by their records, `nouns` what it calls them, `forces` all
    those known, whose names a sentence may hold. `signed` are the outcomes of forces as their
    letters were approved; `not_claims` the words whose numbers count no records.
    """

    groups: Groups
    nouns: Nouns
    forces: Mapping[str, Recipient]
    signed: Mapping[str, str]
    not_claims: tuple[NotClaim, ...] = ()
    answers: Answers = field(default_factory=Answers)
    also_known_as: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    year: int | None = None
    """That of the round's letters."""

    @cached_property
    def names(self) -> Names:
        """The names of all forces."""
        return Names(force_names(self.forces.values(), self.also_known_as))

    def sentence(self, line: str, claim: Claim | None = None) -> Sentence:
        """What a line says, folded as names are compared; for a `claim` as that reads it."""
        names = self.names.located(line)
        is_measured = bool(claim and claim.measures)
        return read_sentence(line, self.nouns, names, is_measured=is_measured)

    def set_aside(self, line: str, said: Quantity) -> bool:
        """Whether an entry of `not_claims` covers a quantity of a line.

        It holds the figures, or all the words, and some word besides, so that 'two' does not cover
        every two; or it is the whole line, such as the cell of a table.
        """
        within = [t for t in self.sentence(line).tokens if said.start <= t.start < said.end]
        figures = [t for t in within if t.kind in NUMBERS] or within
        first, last = figures[0].start, figures[-1].end
        return any(
            start <= first and last <= end and _is_telling(line, start, end, said)
            for entry in self.not_claims
            for start, end in spans(entry, line)
        )


def spans(entry: NotClaim, line: str) -> Iterator[tuple[int, int]]:
    """Where the words of an entry of `not_claims` stand in a line."""
    words = re.escape(comparable(entry.words))
    for match in re.finditer(rf"(?<![\w-]){words}(?!\w)", line, re.IGNORECASE):
        yield match.span()


def _is_telling(line: str, start: int, end: int, said: Quantity) -> bool:
    is_line = not line[:start] and not line[end:].strip(".!?")
    return is_line or said.is_elsewhere or start < said.start or end > said.end


@dataclass(frozen=True)
class Claimed:
    """A claim as it is read: its line, what that says, and its numbers but for those set aside."""

    claim: Claim
    line: str
    sentence: Sentence
    numbers: tuple[Quantity, ...]

    @classmethod
    def read(cls, claim: Claim, reading: ClaimContext) -> "Claimed":
        """Read a claim."""
        line = comparable(claim.sentence)
        sentence = reading.sentence(line, claim)
        numbers = (each for each in sentence.quantities if not reading.set_aside(line, each))
        return cls(claim, line, sentence, tuple(numbers))

    @property
    def main(self) -> tuple[Quantity, ...]:
        """The numbers that state a fact of their own."""
        return tuple(each for each in self.numbers if not each.is_again)


def claim_problems(claim: Claim, reading: ClaimContext, place: Place) -> tuple[Problem, ...]:
    """What is wrong with a claim: nothing to count, too many numbers, not yet known, or false."""
    claimed = Claimed.read(claim, reading)
    if unclear := _unclear(claimed, reading.year):
        return (Problem(place, *unclear),)
    if reading.groups.awaiting:
        return (_too_early(claim, reading, place),)
    questions = tuple(_open_questions(claimed, reading, place))
    find = _false_values if claim.measures else _false_counts
    if faults := tuple(find(claimed, reading)):
        what = f"{_quoted(claim)} is not what the records say: {'; '.join(faults)}."
        return (Problem(place, what, _correction(claim, reading)),)
    return questions


def _false_counts(claimed: Claimed, reading: ClaimContext) -> Iterator[str]:
    yield from _false_numbers(claimed, reading)
    yield from _false_names(claimed, reading)
    for said in claimed.main:
        yield from map(_unknown, listed(claimed.line, claimed.sentence, said).unknown)


def _false_values(claimed: Claimed, reading: ClaimContext) -> Iterator[str]:
    """What a claim of a number field says otherwise than the records, of it and of who has it."""
    measured = reading.groups.measured(claimed.claim)
    for number in claimed.numbers:
        if measured.value is None or (number.is_number and not number.holds_value(measured.value)):
            yield f"it says '{number.words}', {measured.said}"
    if measured.measure not in (Measure.HIGHEST, Measure.LOWEST):
        return
    named = {id_ for token in claimed.sentence.counted for id_ in token.forces}
    for id_ in sorted(named - measured.holders):
        yield f"it names {reading.forces[id_].name}, where '{measured.field}' is another"
    for id_ in sorted(measured.holders - named) if named else ():
        yield f"it leaves out {reading.forces[id_].name}, where '{measured.field}' is the same"


def standing_problems(
    claim: Claim, report: Report, reading: ClaimContext, place: Place
) -> tuple[Problem, ...]:
    """Whether a claim is in the report it is said to be printed in, and says there the same."""
    claimed = Claimed.read(claim, reading)
    found = standing(claimed, report, reading)
    if not found:
        what = f"{_quoted(claim)} is not in {report.file}."
        near = _nearest(claimed.line, report)
        fix = f"It says '{near}'" if near else "Quote the sentence as it is printed."
        return (Problem(place, what, fix),)
    return tuple(
        Problem(place, f"{_quoted(claim)} is not what {report.file} says: {fault}.", fix)
        for fault, fix in _disagreements(claimed, found, reading)
    )


def standing(claimed: Claimed, report: Report, reading: ClaimContext) -> list[Occurrence]:
    """Where the words of a claim stand in a report; a part of a number is not it."""
    found = occurrences(claimed.line, report)
    return [each for each in found if not cuts_a_number(each, reading.sentence(each.sentence))]


def _disagreements(
    claimed: Claimed, found: Sequence[Occurrence], reading: ClaimContext
) -> Iterator[tuple[str, str]]:
    """What each sentence says otherwise than the claim, once each, and what to do."""
    faults: dict[str, str] = {}
    readings = [reading.sentence(each.sentence, claimed.claim) for each in found]
    for occurrence, said in zip(found, readings, strict=True):
        for fault in (
            *differences(occurrence, said, claimed.sentence, reading.year),
            *(() if claimed.claim.measures else _besides(claimed, occurrence, said, reading)),
        ):
            faults[fault] = f"Claim what its sentence says: '{occurrence.sentence}'"
    if len(found) > 1 and faults:
        places = f"it is printed in {len(found)} places"
        faults = {f"{places}, and in one of them {fault}": fix for fault, fix in faults.items()}
    several = {tuple(each.fact for each in said.main) for said in readings}
    if not faults and not claimed.sentence.main and len(several) > 1:
        words = "; ".join(dict.fromkeys(f"'{each.sentence}'" for each in found))
        fault = f"it is printed in {len(found)} places with different numbers: {words}"
        faults[fault] = "Quote more of the sentence that is meant."
    yield from faults.items()


def _besides(
    claimed: Claimed, found: Occurrence, said: Sentence, reading: ClaimContext
) -> Iterator[str]:
    """What a sentence says of the same forces outside the claim's words, and is not so."""
    yield from _false_totals(claimed, found, said, reading)
    yield from _false_lists(claimed, found, said, reading)


def _false_totals(
    claimed: Claimed, found: Occurrence, said: Sentence, reading: ClaimContext
) -> Iterator[str]:
    """Totals and further figures of the same fact, outside the claim's words, that are not so."""
    groups, claim = reading.groups, claimed.claim
    count, whole = len(groups.counted(claim)), len(groups.whole(claim))
    if groups.awaiting:
        return
    is_inside = False
    for each in said.quantities:
        is_inside = found.touches(each) or (each.is_again and is_inside)
        is_outside = each.is_again and not found.touches(each)
        if is_inside and each.is_number and not each.is_elsewhere:
            if each.whole not in (None, whole):
                yield f"it says there are {each.whole}, the records count {whole}"
            elif is_outside and not each.holds(count, whole):
                yield f"it says '{each.words}' too, the records count {count} of {whole}"


def _false_lists(
    claimed: Claimed, found: Occurrence, said: Sentence, reading: ClaimContext
) -> Iterator[str]:
    """Names listed after the claim's number, outside its words, that are not those it counts."""
    counted = {each.id: each for each in reading.groups.counted(claimed.claim)}
    if reading.groups.awaiting:
        return
    for number in (each for each in said.main if found.touches(each)):
        names = listed(found.sentence, said, number)
        outside = [token for token in names.known if token.start >= found.end]
        named = {id_ for token in names.known for id_ in token.forces}
        for id_ in sorted({id_ for token in outside for id_ in token.forces} - {*counted}):
            yield f"it names {reading.forces[id_].name}, {_outcome(id_, reading)}"
        is_whole = names.known and not names.unknown and not _SOME.search(found.sentence)
        if outside and is_whole and (number.sort, number.relation) == _EXACT_COUNT:
            missing = [each.name for id_, each in counted.items() if id_ not in named]
            if missing:
                yield f"it names {len(named)} of the {len(counted)}, without {some(missing)}"
        if outside or not names.known:
            yield from map(_unknown, names.unknown)


def _nearest(line: str, report: Report) -> str:
    """The sentence of the report that comes nearest to the claim's; empty where none is near."""
    sought = line.split()
    pieces: dict[str, str] = {}
    for sentence in sentences(report.text):
        words = sentence.split()
        for n in range(max(1, len(words) - len(sought) + 1)):
            pieces.setdefault(" ".join(words[n : n + len(sought)]), sentence)
    near = get_close_matches(line, pieces, n=1)
    return pieces[near[0]] if near else ""


def _unclear(claimed: Claimed, year: int | None) -> tuple[str, str] | None:
    claim, numbers = claimed.claim, [each for each in claimed.main if each.is_number]
    unreadable = [each.words for each in claimed.main if each.sort is Sort.UNREADABLE]
    if unreadable:
        what = f"{_quoted(claim)} holds a number this tool cannot read: '{unreadable[0]}'."
        return what, f"Say it in other words, {_SET_ASIDE}."
    if len(numbers) > 1:
        all_ = ", ".join(f"'{each.words}'" for each in numbers)
        what = f"{_quoted(claim)} holds {len(numbers)} numbers: {all_}."
        return what, f"Claim each part of the sentence that holds one of them, {_SET_ASIDE}."
    if numbers and (numbers[0].is_elsewhere or numbers[0].is_of_others):
        what = f"{_quoted(claim)} holds no number of this round: '{numbers[0].words}'."
        return what, "List it under 'not_claims', with the reason."
    if numbers and (words := unstated(claimed.line, numbers[0], year)):
        what = f"{_quoted(claim)} does not state its number as a fact: '{words}'."
        return what, f"Quote a sentence that does, {_SET_ASIDE}."
    if not claimed.main and not claimed.sentence.counted and not claimed.sentence.left_out:
        what = f"{_quoted(claim)} holds no number and names no one in recipients.yaml."
        return what, "Quote the part of the sentence that holds the number."
    return None


def _open_questions(claimed: Claimed, reading: ClaimContext, place: Place) -> Iterator[Problem]:
    """What only a person can say: whether the count is 'several', or 'well over half'."""
    claim, groups = claimed.claim, reading.groups
    for said in claimed.main:
        if said.sort is Sort.VAGUE:
            if claim.measures:
                count = known = groups.measured(claim).said
            else:
                known = f"{len(groups.counted(claim))} of {len(groups.whole(claim))}"
                count, known = f"counted {known}", f"the records count {known}"
            question = f"{CLAIM} '{claimed.line}': '{said.words}', {count}"
            answer = reading.answers.to(question)
            what = f"{_quoted(claim)} says no number, but '{said.words}'."
            what = f"{what} {known[:1].upper()}{known[1:]}."
            if answer == "no":
                fix = f"It was answered that this is not '{said.words}'. Have it corrected."
                yield Problem(place, what, fix)
            elif answer != "yes":
                yield asked(place, f"{what} Is that '{said.words}'?", question, ("yes", "no"))


def _too_early(claim: Claim, reading: ClaimContext, place: Place) -> Problem:
    groups = reading.groups
    awaiting, all_ = len(groups.awaiting), len(groups.recipients)
    verb = "awaits" if awaiting == 1 else "await"
    what = (
        f"{_quoted(claim)} cannot be supported yet: the records count {len(groups.counted(claim))},"
        f" and {awaiting} of {all_} {reading.nouns.many} {verb} an outcome."
    )
    return Problem(place, what, "Record every outcome first.")


def _false_numbers(claimed: Claimed, reading: ClaimContext) -> Iterator[str]:
    groups, claim = reading.groups, claimed.claim
    count, whole = len(groups.counted(claim)), len(groups.whole(claim))
    for quantity in claimed.numbers:
        if quantity.whole not in (None, whole):
            yield f"it says there are {quantity.whole}, they count {whole}"
        if quantity.is_number and not quantity.holds(count, whole):
            yield f"it says '{quantity.words}', they count {_counted(count, whole, quantity)}"


def _counted(count: int, whole: int, quantity: Quantity) -> str:
    if not quantity.is_share:
        return str(count)
    share = f" ({100 * count / whole:.1f}%)" if whole else ""
    return f"{count} of {whole}{share}"


def _false_names(claimed: Claimed, reading: ClaimContext) -> Iterator[str]:
    counted = {each.id: each for each in reading.groups.counted(claimed.claim)}
    named = {id_ for token in claimed.sentence.counted for id_ in token.forces}
    for id_ in sorted(named - {*counted}):
        yield f"it names {reading.forces[id_].name}, {_outcome(id_, reading)}"
    for id_ in sorted({id_ for token in claimed.sentence.left_out for id_ in token.forces}):
        if id_ in counted:
            yield f"it leaves out {reading.forces[id_].name}, {_outcome(id_, reading)}"
    if named and _is_whole_list(claimed):
        for id_, each in counted.items():
            if id_ not in named:
                yield f"it leaves out {each.name}, {_outcome(id_, reading)}"


def _unknown(name: str) -> str:
    return f"it names '{name}', which recipients.yaml does not know"


def _is_whole_list(claimed: Claimed) -> bool:
    """Whether the names are all that the sentence counts, not some of them."""
    if _SOME.search(claimed.line) or any(_adds_names(each, claimed) for each in claimed.main):
        return False
    is_count = any((each.sort, each.relation) == _EXACT_COUNT for each in claimed.main)
    first = claimed.sentence.counted[0].start
    return is_count or bool(_ONLY.search(claimed.line) or _JUST.search(claimed.line[:first]))


def _adds_names(said: Quantity, claimed: Claimed) -> bool:
    """Whether a number counts others beside those named: 'X and 16 other forces'."""
    within = (t for t in claimed.sentence.tokens if said.start <= t.start and t.end <= said.end)
    kinds = [token.kind for token in within]
    return TokenKind.NAME in kinds and TokenKind.WHOLE in kinds


def _outcome(id_: str, reading: ClaimContext) -> str:
    outcome = reading.groups.outcome_of(id_)
    return f"which is at '{outcome}'" if outcome else "which is not in this round"


def _correction(claim: Claim, reading: ClaimContext) -> str:
    moved = tuple(_moved(claim, reading))
    if moved:
        return f"{' '.join(moved)} Correct the record, or have the sentence corrected."
    return "Correct a record, or have the sentence corrected."


def _moved(claim: Claim, reading: ClaimContext) -> Iterator[str]:
    """Who came to another outcome since approval, into what the claim counts or out of it."""
    about = {*claim.counts, *claim.of}
    for each in reading.groups.recipients:
        was, now = reading.signed.get(each.id), reading.groups.outcome_of(each.id)
        if was and was != now and (not about or about & {was, now}):
            yield f"{each.name} is at '{now}' and was at '{was}' when its letter was approved."


def _quoted(claim: Claim) -> str:
    return f"'{claim.sentence}'"
