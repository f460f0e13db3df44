"""Conditions on what is printed: numbers, the reports they stand in, quotations held against
registered digests, retired terms outside them."""

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import SequenceMatcher
from itertools import pairwise

from letters.dispatch import response_date
from letters.errors import Place, Problem, Refused
from letters.files import digest
from letters.gate.candidate import Candidate
from letters.gate.claims import claim_problems, standing_problems
from letters.gate.names import Certainty, FoundName, NameKind, addresses, strangers
from letters.gate.numerals import TokenKind, tokens
from letters.gate.printed import QuotedWords, sentences
from letters.gate.report import TextBlock, emphasised, folded, report_files
from letters.gate.uncovered import covers_nothing, lines_of, uncovered
from letters.model import LETTERS, SUMMARY, Letter, Quotation, RetiredTerm, Round
from letters.pictures import is_placeholder
from letters.project.values import false_dates, printed_dates, written
from letters.questions import CLAIM, NAME, Answers, asked
from letters.render.docx.layout import LAYOUT_FILE
from letters.render.round_templates import RoundTemplates
from letters.wording.style import QUOTED

_SHOWN = 60  # characters of a quotation in a message


def quotation_problems(
    quotations: Iterable[Quotation], quoted: Iterable[QuotedWords], places: Iterable[Place]
) -> Iterator[Problem]:
    """Quotations that letters print in other words than their source, or not at all.

    `quoted` are the pieces of all letters, `places` those of the quotations in round.yaml.
    """
    found = list(dict.fromkeys(quoted))
    known = tuple(quotations)
    digests = {quotation.sha256 for quotation in known}
    for quotation, place in zip(known, places, strict=True):
        begins = folded(quotation.begins)
        source = next((e.text for e in found if e.sha256 == quotation.sha256), "")
        others = (e for e in found if e.sha256 not in digests and _is_near(e.text, source))
        own = [e for e in found if e.text.startswith(begins)]
        own += (e for e in others if e not in own)
        if not own:
            what = f"No letter quotes '{quotation.begins}', registered from {quotation.source}."
            yield Problem(place, what, "Restore it in the wording, or take the quotation out here.")
        for piece in own:
            if piece.sha256 != quotation.sha256:
                what = f"'{_short(piece.text)}' is not the text registered from {quotation.source}."
                fix = f"Restore its words; if these are the source's, register {piece.sha256}."
                yield Problem(piece.place, what, fix)


NEAR = 0.76
"""How much of the words of two texts must be the same for one to be the other, misquoted."""


def _is_near(text: str, source: str) -> bool:
    """Whether a text is that of a source in other words, its first words perhaps among them."""
    mine, theirs = text.split(), source.split()
    if not source or 2 * min(len(mine), len(theirs)) < NEAR * (len(mine) + len(theirs)):
        return False
    return SequenceMatcher(None, theirs, mine, autojunk=False).ratio() >= NEAR


def term_problems(
    terms: Iterable[RetiredTerm], spots: Iterable[TextBlock], registered: frozenset[str]
) -> Iterator[Problem]:
    """Retired terms outside quotations; `registered` are the digests of quotations.

    A title in italics is a quotation where it is registered as one.
    """
    blocks = [(spot, _own_words(spot, registered)) for spot in spots if not spot.is_quote]
    for term in terms:
        pattern = _pattern(term)
        for spot, words in blocks:
            if match := pattern.search(words):
                yield _retired(match[0], term, spot.place_of(match[0]))


def text_problems(terms: Iterable[RetiredTerm], text: str, place: Place) -> Iterator[Problem]:
    """Retired terms outside quotation marks in a text of round.yaml."""
    words = folded(QUOTED.sub(" ~ ", text))
    for term in terms:
        if match := _pattern(term).search(words):
            yield _retired(match[0], term, place)


def _retired(words: str, term: RetiredTerm, place: Place) -> Problem:
    what = f"The retired term '{words}' is outside a quotation."
    return Problem(place, what, f"Write '{term.instead}'.")


def _pattern(term: RetiredTerm) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(folded(term.term))}(?!\w)", re.IGNORECASE)


def _own_words(spot: TextBlock, registered: frozenset[str]) -> str:
    """What a block says itself: without what is in quotation marks, or is a known title."""
    words = folded(QUOTED.sub(" ~ ", spot.text))
    for title in map(folded, emphasised(spot.content)):
        if digest(title.encode()) in registered:
            words = words.replace(title, "~")
    return words


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"


_WEB = re.compile(r"https?://\S+")


def nowhere(candidate: Candidate) -> Iterator[Problem]:
    """A national report or press release without an address and without a file, or with neither
    `https:` nor `http:` before its address, which would lead into the site itself.
    """
    report = candidate.project_round.round.national_report
    if report is None:
        return
    for document, steps in (
        (report, ("national_report",)),
        (report.press_release, ("national_report", "press_release")),
    ):
        if document and not document.address and not document.file:
            what = f"{steps[-1]} has neither 'address' nor 'file'."
            yield Problem(candidate.place(*steps), what, "Add one of them, or both.")
        if document and document.address and not _WEB.fullmatch(document.address):
            what = f"'{document.address}' is not a web address."
            fix = "Write it whole, such as https://www.example.org/report."
            yield Problem(candidate.place(*steps, "address"), what, fix)


def false_claims(candidate: Candidate) -> Iterator[Problem]:
    """Claims that the records do not bear out."""
    for n, claim in enumerate(candidate.project_round.round.claims):
        yield from claim_problems(claim, candidate.reading, candidate.place("claims", n))
    if not candidate.groups.awaiting:  # until then no question is asked
        yield from candidate.reading.answers.idle(CLAIM)


def are_printed(round_: Round) -> bool:
    """Whether anything is claimed to stand in a text of the round."""
    texts = {*report_files(round_.national_report), SUMMARY, LETTERS}
    return any(claim.printed_in in texts for claim in round_.claims)


def unprinted(candidate: Candidate) -> Iterator[Problem]:
    """Claims that are not where they are said to be printed, or say something else there."""
    yield from candidate.reports[1]
    for n, claim in enumerate(candidate.project_round.round.claims):
        if text := candidate.texts.get(claim.printed_in):
            place = candidate.place("claims", n)
            yield from standing_problems(claim, text.report, candidate.reading, place)


def unclaimed(candidate: Candidate) -> Iterator[Problem]:
    """Numbers that are printed and that neither a claim nor an entry of `not_claims` covers."""
    round_, reading = candidate.project_round.round, candidate.reading
    for number in uncovered(candidate.texts, round_.claims, reading):
        fix = "Claim it, or list its words under 'not_claims', with the reason."
        what = f"No claim covers '{number.said.words}': '{number.sentence}'"
        yield Problem(number.place, what, fix)
    if candidate.groups.awaiting or candidate.reports[1] or candidate.unsound:
        return  # what is not there yet may hold the words
    lines = [*lines_of(candidate.texts), *(claim.sentence for claim in round_.claims)]
    for n, entry in enumerate(round_.not_claims):
        if covers_nothing(entry, lines, reading):
            what = f"'{entry.words}' covers no number that is printed."
            fix = "Delete the entry, or quote the number with some of the words round it."
            yield Problem(candidate.place("not_claims", n), what, fix)


def misquoted(candidate: Candidate) -> Iterator[Problem]:
    """Registered quotations in other words than their source's."""
    quotations = candidate.project_round.round.quotations
    if candidate.finished:
        places = [candidate.place("quotations", n) for n in range(len(quotations))]
        yield from quotation_problems(quotations, candidate.quoted, places)


def outdated_words(candidate: Candidate, letter: Letter) -> Iterator[Problem]:
    """Retired terms outside quotations, in a letter."""
    round_ = candidate.project_round.round
    registered = frozenset(each.sha256 for each in round_.quotations)
    yield from term_problems(round_.retired_terms, candidate.spots(letter), registered)


def outdated(candidate: Candidate) -> Iterator[Problem]:
    """Retired terms outside quotations, in what round.yaml says of the round."""
    round_ = candidate.project_round.round
    for text, *steps in _published_texts(candidate):
        place = candidate.place(*steps)
        yield from text_problems(round_.retired_terms, text, place)


def misdated_words(candidate: Candidate, letter: Letter) -> Iterator[Problem]:
    """Dates of a letter that do not exist, bear a wrong weekday, or can mean two days; not in
    quotations.
    """
    round_ = candidate.project_round.round
    for spot in (each for each in candidate.spots(letter) if not each.is_quote):
        for words, why in (*false_dates(spot.text), *_false_deadlines(spot.text, round_)):
            yield Problem(spot.place_of(words), why.what, why.fix)


def misdated(candidate: Candidate) -> Iterator[Problem]:
    """The same in what round.yaml says of the round."""
    round_ = candidate.project_round.round
    for text, *steps in _published_texts(candidate):
        for _, why in (*false_dates(text), *_false_deadlines(text, round_)):
            yield Problem(candidate.place(*steps), why.what, why.fix)


_ANSWER = re.compile(r"\b(?:respond\w*|responses?|repl(?:y|ies|ying)|answer\w*)\b", re.IGNORECASE)
_BY = re.compile(r"\b(?:by|before|until|than)\s*$", re.IGNORECASE)


def _false_deadlines(text: str, round_: Round) -> Iterator[tuple[str, Refused]]:
    """Days to answer, and last days to answer, that are not those of the round."""
    last = response_date(round_)
    for sentence in sentences(text) if round_.response_days else ():
        if not _ANSWER.search(sentence):
            continue
        found = tokens(sentence)
        for number, noun in pairwise(found):
            is_days = number.kind is TokenKind.WHOLE and noun.text == "days"
            if is_days and number.value != round_.response_days:
                words = sentence[number.start : noun.end]
                what = f"'{words}' is not the time to answer: 'response_days' is"
                yield words, Refused(f"{what} {round_.response_days}.", _DEADLINE)
        for start, words, day in printed_dates(sentence):
            if last and day != last and _BY.search(sentence[:start]):
                what = f"'{words}' is not the last day to answer: that is {written(last)},"
                days = f"the day of publication the first of {round_.response_days}."
                yield words, Refused(f"{what} {days}", _DEADLINE)


_DEADLINE = "Correct it, or 'response_days' or 'published' in round.yaml."


def _published_texts(candidate: Candidate) -> Iterator[tuple[str, ...]]:
    round_ = candidate.project_round.round
    yield round_.title, "title"
    yield from ((title, "outcomes", id_) for id_, title in round_.outcomes.items())
    yield from ((text, "summary") for text in round_.summary)


_FIX = "Take it out, or list it under named_exceptions in round.yaml with the reason."


def named(kind: NameKind) -> Callable[[Candidate, Letter], Iterator[Problem]]:
    """The condition that a letter names no other force, nor its officer or body.

    A name that may mean somebody else, or is a letter away from one, is a question.
    """

    def check(candidate: Candidate, letter: Letter) -> Iterator[Problem]:
        for found, spot in candidate.names_in(letter):
            if found.name.kind is kind:
                place = spot.place_of(found.text)
                if problem := _named(candidate, letter, found, place, candidate.name_answers):
                    yield problem

    return check


def misanswered(candidate: Candidate) -> Iterator[Problem]:
    """Answers about names that no letter holds."""
    yield from candidate.name_answers.idle(NAME)


def _named(
    candidate: Candidate, letter: Letter, found: FoundName, place: Place, answers: Answers
) -> Problem | None:
    if found.certainty is Certainty.SURE:
        what = f"The letter to {_to(letter)} names another {_NOUNS.get(found.name.kind)},"
        return Problem(place, f"{what} '{found.text}': '{found.words}'.", _FIX)
    question = f"{NAME} '{found.text}' in '{found.words}'"
    if answers.to(question) == _RIGHT:
        return None
    if found.certainty is Certainty.NEAR:
        what = f"'{found.text}' is a letter away from '{found.name.text}': '{found.words}'."
        return asked(place, f"{what} Is it right?", question, (_RIGHT,))
    whose = " or ".join(candidate.recipients[id_].name for id_ in sorted(found.name.forces))
    who = "" if found.name.kind is NameKind.FORCE else f"the {found.name.kind} of "
    what = f"'{found.text}' may mean {who}{whose}: '{found.words}'."
    fix = "Take it out. If it means something else,"
    return asked(place, f"{what} Does it mean something else?", question, (_RIGHT,), fix)


_RIGHT = "right"
"""The answer that a name is as it should be."""


_NOUNS = {
    NameKind.FORCE: "force",
    NameKind.OFFICER: "force’s chief officer",
    NameKind.BODY: "force’s local policing body",
}


def emailed(candidate: Candidate, letter: Letter) -> Iterator[Problem]:
    """An e-mail address of another force that a letter holds."""
    known, own = candidate.address_holders, {recipient.id for recipient in letter.recipients}
    for spot in candidate.spots(letter):
        for address in addresses(spot):
            if strangers(address, known, own) and address not in _allowed(candidate):
                what = f"The letter to {_to(letter)} holds an address of another force,"
                what = f"{what} '{address.removeprefix('//')}'."
                yield Problem(spot.place_of(address.removeprefix("//")), what, _FIX)


def _allowed(candidate: Candidate) -> frozenset[str]:
    round_ = candidate.project_round.round
    contact = round_.contact.email if round_.contact else None
    named = [each.name for each in round_.named_exceptions]
    hosts = [f"//{name}" for name in named]
    return frozenset(address.lower() for address in (contact, *named, *hosts) if address)


def _to(letter: Letter) -> str:
    return " and ".join(recipient.name for recipient in letter.recipients)


_WROTE = "the placeholder that 'letters new' wrote"


def unfinished(candidate: Candidate) -> Iterator[Problem]:
    """Placeholders in the place of the crest and of signatures, known by their digests."""
    if round_templates := candidate.round_templates:
        yield from _crests(round_templates)
    round_, images = candidate.project_round.round, candidate.project_round.signatures
    used = {each.image for letter in candidate.finished for each in letter.signed}
    for id_, signatory in round_.signatories.items():
        if images[id_] in used and is_placeholder(images[id_]):
            place = candidate.place("signatories", id_, "signature")
            what = f"'{signatory.signature}' is {_WROTE}."
            fix = f"Put the signature of {signatory.name} in its place."
            yield Problem(place, what, fix)


def _crests(round_templates: RoundTemplates) -> Iterator[Problem]:
    web, fix = round_templates.web, "Put your own crest in its place."
    found = [name for name in web.shown_files if is_placeholder(web.assets.files[name])]
    for name in found:
        yield Problem(Place(f"{web.assets.folder}/{name}"), f"'{name}' is {_WROTE}.", fix)
    if round_templates.word.shows_placeholder and not found:
        what = f"The crest in Word letters is {_WROTE}."
        yield Problem(Place(f"{web.assets.folder}/{LAYOUT_FILE}"), what, fix)
