"""A wording: every word of a round's letters, read once and compiled once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from jinja2 import nodes

from letters.errors import Place, Problem, ProblemsFound, did_you_mean, in_order, nearest
from letters.files import relative
from letters.model import RichText, Round
from letters.wording.checks import (
    assigned,
    include_faults,
    included_files,
    label_faults,
    placeholder_faults,
    uses_outcome_wording,
)
from letters.wording.files import (
    LETTER,
    OUTCOMES,
    RECOMMENDATION,
    outcome_file,
    read_labels,
    read_markdown,
)
from letters.wording.syntax import TemplateFault, grammar_faults
from letters.wording.templates import Source, Templates
from letters.wording.vocabulary import RECOMMENDATION as RECOMMENDATION_NAME
from letters.wording.vocabulary import SUBJECT, Vocabulary, locale_of


class Wording:
    """The templates, labels and recommendation of a folder of `templates/`.

    `templates` holds letter.md, the outcomes and every other part by file name, and each label by
    `label_name`. Load it once for many letters: templates are compiled at their first use.
    """

    def __init__(
        self,
        place: Place,
        files: Mapping[str, Source],
        labels: Mapping[str, Source],
        recommendation: RichText | None,
    ) -> None:
        self.place = place
        self.files = files
        self.labels = labels
        self.recommendation = recommendation
        named = {label_name(key): source for key, source in labels.items()}
        self.templates = Templates({**files, **named})
        self._known: tuple[Round, Vocabulary, Mapping[str, tuple[Problem, ...]]] | None = None
        self._in_reach: dict[str | None, frozenset[str]] = {}

    @classmethod
    def load(cls, folder: Path, root: Path) -> Wording:
        """Read the wording in `folder`, a folder of the project `root`.

        Raises ProblemsFound where letter.md or a label is missing, a file is not sound text, or a
        template cannot be read.
        """
        problems: list[Problem] = []
        place = Place(relative(folder, root))
        files = dict(read_markdown(folder, root, problems))
        labels = read_labels(folder, root, problems)
        if LETTER not in files and not any(p.place.file.endswith(f"/{LETTER}") for p in problems):
            what = "The wording has no letter.md."
            problems.append(Problem(_file(place, LETTER), what, "Write the letter in it."))
        recommendation = _recommendation(files.pop(RECOMMENDATION, None), problems)
        wording = cls(place, files, labels, recommendation)
        problems += wording.templates.problems
        if problems:
            raise ProblemsFound(problems)
        return wording

    def problems(self, round_: Round, outcomes_in_use: Collection[str]) -> tuple[Problem, ...]:
        """What is wrong with the wording whatever the letter, in the order of places.

        Unknown placeholders, filters and included files, also in branches no letter takes;
        comparisons that never hold; outcomes without wording and wording without an outcome.
        """
        faults = [problem for found in self._faults(round_).values() for problem in found]
        faults += self._outcome_problems(round_, outcomes_in_use)
        if locale_of(round_.language) is None:
            place = Place(f"rounds/{round_.id}/round.yaml", field="language")
            what = f"No dates can be written in the language '{round_.language}'."
            faults.append(Problem(place, what, "Use a tag such as en-GB or cy."))
        return in_order(faults)

    def refuse(self, round_: Round, outcome: str | None) -> None:
        """Raise ProblemsFound for what is wrong in the files a letter with `outcome` uses."""
        faults = self._faults(round_)
        used = [*self._reached(outcome), *map(label_name, self.labels)]
        problems = [problem for name in used for problem in faults.get(name, ())]
        if outcome and outcome_file(outcome) not in self.files and self._words_outcomes():
            problems.append(self._unworded(outcome))
        if problems:
            raise ProblemsFound(problems)

    def _faults(self, round_: Round) -> Mapping[str, tuple[Problem, ...]]:
        """Problems of every template, by its name; kept for the round asked about last.

        Each letter's edition for publication has a round of its own, with the same vocabulary.
        """
        if self._known is None or self._known[0] is not round_:
            vocabulary = Vocabulary.of(round_)
            is_known = self._known is not None and self._known[1] == vocabulary
            faults = self._known[2] if self._known and is_known else self._find_faults(vocabulary)
            self._known = (round_, vocabulary, faults)
        return self._known[2]

    def _find_faults(self, vocabulary: Vocabulary) -> Mapping[str, tuple[Problem, ...]]:
        found = {}
        for name, tree in self.templates.trees.items():
            words = vocabulary if name in self.files else _for_label(name, vocabulary)
            found[name] = tuple(self._problems_of(name, tree, words))
        return found

    def _problems_of(
        self, name: str, tree: nodes.Template, vocabulary: Vocabulary
    ) -> Iterator[Problem]:
        place = self.templates.sources[name].place
        for fault in self._template_faults(name, tree, vocabulary):
            at = Place(place.file, place.line + fault.line - 1, place.cell, place.field)
            yield Problem(at, fault.what, fault.fix)

    def _template_faults(
        self, name: str, tree: nodes.Template, vocabulary: Vocabulary
    ) -> Iterator[TemplateFault]:
        yield from grammar_faults(tree)
        trees = self._file_trees().values() if name in self.files else [tree]
        own = frozenset(name for each in trees for name in assigned(each))
        yield from placeholder_faults(tree, vocabulary, own)
        if name in self.files:
            yield from include_faults(name, self._file_trees())
        else:
            yield from label_faults(tree, vocabulary)
        if self.recommendation is None and RECOMMENDATION_NAME in vocabulary.rich:
            yield from self._without_recommendation(tree)

    def _without_recommendation(self, tree: nodes.Template) -> Iterator[TemplateFault]:
        for name in tree.find_all(nodes.Name):
            if name.name == RECOMMENDATION_NAME:
                what = f"{{{{ {RECOMMENDATION_NAME} }}}} needs the file {RECOMMENDATION}."
                yield TemplateFault(name.lineno, what, "Write it beside letter.md.")

    def _outcome_problems(self, round_: Round, in_use: Collection[str]) -> Iterator[Problem]:
        if self._words_outcomes():
            for outcome in in_use:
                if outcome_file(outcome) not in self.files:
                    yield self._unworded(outcome)
        for name in self.files:
            outcome = name.removeprefix(OUTCOMES).removesuffix(".md")
            if name.startswith(OUTCOMES) and outcome not in round_.outcomes:
                fix = did_you_mean(outcome, round_.outcomes) or "Delete the file."
                what = f"'{outcome}' is not an outcome of this round."
                yield Problem(_file(self.place, name), what, fix)

    def _unworded(self, outcome: str) -> Problem:
        what = f"The outcome '{outcome}' is in use but has no wording."
        words = [name.removeprefix(OUTCOMES) for name in self.files if name.startswith(OUTCOMES)]
        near = nearest(f"{outcome}.md", words)
        fix = f"Write this file, or rename {near}." if near else "Write this file."
        return Problem(_file(self.place, outcome_file(outcome)), what, fix)

    def _words_outcomes(self) -> bool:
        return any(uses_outcome_wording(tree) for tree in self._file_trees().values())

    def _reached(self, outcome: str | None) -> Iterable[str]:
        if outcome not in self._in_reach:
            found = included_files(LETTER, self._file_trees(), outcome)
            self._in_reach[outcome] = frozenset(found)
        return self._in_reach[outcome]

    def _file_trees(self) -> Mapping[str, nodes.Template]:
        trees = self.templates.trees
        return {name: trees[name] for name in self.files if name in trees}


def label_name(key: str) -> str:
    """The name of a label's template."""
    return f"label {key}"


def _file(place: Place, name: str) -> Place:
    return Place(f"{place.file}/{name}")


def _for_label(name: str, vocabulary: Vocabulary) -> Vocabulary:
    return vocabulary.with_names(SUBJECT) if name == label_name("title") else vocabulary


def _recommendation(source: Source | None, problems: list[Problem]) -> RichText | None:
    """recommendation.md, a quotation that is printed as it stands."""
    if source is None:
        return None
    for number, row in enumerate(source.text.split("\n"), start=1):
        if any(tag in row for tag in ("{{", "{%", "{#")):
            what = "A recommendation is a quotation and holds no placeholders."
            place = Place(source.place.file, number)
            problems.append(Problem(place, what, "Write the words as they were published."))
    return RichText(source.text, source.place)
