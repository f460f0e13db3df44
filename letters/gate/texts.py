"""What is printed about a round: its reports, its summary, the fixed wording of its letters."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from letters import document as tree
from letters.errors import Place
from letters.gate.counts import without_counts
from letters.gate.report import Report, comparable
from letters.gate.spots import Spot
from letters.model import LETTERS, SUMMARY
from letters.project import ProjectRound


@dataclass(frozen=True)
class PrintedText:
    """A text as a report, and the place of each of its lines; `default` is that of all others."""

    report: Report
    default: Place
    places: Mapping[str, Place]

    def place_of(self, sentence: str) -> Place:
        """Where a sentence was written."""
        pieces = (sentence, re.split(r"(?<=[:;,–-]) ", sentence)[0])
        holding = (p for piece in pieces for line, p in self.places.items() if piece in line)
        return next(holding, self.default)


def printed_texts(
    project_round: ProjectRound, reports: Mapping[str, Report], spots: Iterable[Spot]
) -> Mapping[str, PrintedText]:
    """The texts of a round by where claims may be printed; `spots` are the blocks of its letters.

    In the letters, what records and people fill in is left out, and so are quotations.
    """
    folder = f"rounds/{project_round.round.id}"
    texts = {
        kind: PrintedText(report, Place(f"{folder}/{report.file}"), {})
        for kind, report in reports.items()
    }
    place = project_round.places.get("summary", Place(f"{folder}/round.yaml")).at("summary")
    summary = {comparable(without_counts(each)): place for each in project_round.round.summary}
    wording = {line: place for spot in spots for line, place in _fixed(spot)}
    folder = f"templates/{project_round.round.wording}"
    for kind, name, default, lines in (
        (SUMMARY, "the summary", place, summary),
        (LETTERS, "the letters", Place(folder), wording),
    ):
        texts[kind] = PrintedText(Report(name, "\n".join(lines)), default, lines)
    return texts


def _fixed(spot: Spot) -> Iterator[tuple[str, Place]]:
    """The words of a block that stand in the wording itself, with a sign for each value."""
    if spot.place.file.startswith("templates/") and not spot.is_quote:
        words = "".join(map(_word, tree.inlines(spot.content)))
        if line := comparable(words):
            yield line, spot.place


def _word(inline: tree.Inline) -> str:
    match inline:
        case tree.Break():
            return " "
        case tree.Text(text=text, field=field):
            return "~" if field else text
    return ""
