"""Conditions on what is printed: numbers, the reports they stand in, quotations, retired terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from letters.errors import Problem
from letters.model import Round
from letters.publish.candidate import Candidate
from letters.publish.claims import Reading, claim_problems, standing_problems
from letters.publish.national import report_files
from letters.publish.quotations import (
    pieces,
    quotation_problems,
    term_problems,
    text_problems,
)

_WEB = re.compile(r"https?://\S+")


def nowhere(candidate: Candidate) -> Iterator[Problem]:
    """A national report or press release without an address and without a file, or with neither
    `https:` nor `http:` before its address, which would lead into the site itself.
    """
    report = candidate.project_round.round.national_report
    if report is None:
        return
    for noun, document, steps in (
        ("national report", report, ("national_report",)),
        ("press release", report.press_release, ("national_report", "press_release")),
    ):
        if document and not document.address and not document.file:
            what = f"Nothing says where the {noun} is to be had."
            yield Problem(candidate.place(*steps), what, "Add its 'address', its 'file', or both.")
        if document and document.address and not _WEB.fullmatch(document.address):
            what = f"'{document.address}' is not a web address."
            fix = "Write it whole, such as https://www.example.org/report."
            yield Problem(candidate.place(*steps, "address"), what, fix)


def false_claims(candidate: Candidate) -> Iterator[Problem]:
    """Claims that the records do not bear out."""
    round_ = candidate.project_round.round
    reading = Reading(
        candidate.groups, round_.nouns, candidate.recipients, candidate.signed_outcomes
    )
    for n, claim in enumerate(round_.claims):
        yield from claim_problems(claim, reading, candidate.place("claims", n))


def are_printed(round_: Round) -> bool:
    """Whether anything is claimed to stand in a report that is a file of the round."""
    files = report_files(round_.national_report)
    return any(claim.printed_in in files for claim in round_.claims)


def unprinted(candidate: Candidate) -> Iterator[Problem]:
    """Claims that do not stand in the report they are said to be printed in."""
    reports, unreadable = candidate.reports
    yield from unreadable
    for n, claim in enumerate(candidate.project_round.round.claims):
        if claim.printed_in in reports:
            report, place = reports[claim.printed_in], candidate.place("claims", n)
            yield from standing_problems(claim, report, place)


def misquoted(candidate: Candidate) -> Iterator[Problem]:
    """Registered quotations in other words than their source's."""
    quotations = candidate.project_round.round.quotations
    if candidate.spots:
        quoted = [piece for spots in candidate.spots.values() for piece in pieces(spots)]
        places = [candidate.place("quotations", n) for n in range(len(quotations))]
        yield from quotation_problems(quotations, quoted, places)


def outdated(candidate: Candidate) -> Iterator[Problem]:
    """Retired terms outside quotations, in letters and in what round.yaml says of the round."""
    round_ = candidate.project_round.round
    registered = frozenset(each.sha256 for each in round_.quotations)
    for spots in candidate.spots.values():
        yield from term_problems(round_.retired_terms, spots, registered)
    for text, *steps in _published_texts(candidate):
        place = candidate.place(*steps)
        yield from text_problems(round_.retired_terms, text, place)


def _published_texts(candidate: Candidate) -> Iterator[tuple[str, ...]]:
    round_ = candidate.project_round.round
    yield round_.title, "title"
    yield from ((title, "outcomes", id_) for id_, title in round_.outcomes.items())
    yield from ((text, "summary") for text in round_.summary)
