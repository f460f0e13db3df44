"""A wording: every word of a round's letters, read once and compiled once. Its placeholders exist
and are used as what they are, and its files include what is there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from jinja2 import nodes

from letters.errors import Place, Problem, ProblemsFound, did_you_mean, in_order, nearest
from letters.files import relative
from letters.model import RichText, Round
from letters.wording.files import (
    LETTER,
    OUTCOMES,
    RECOMMENDATION,
    outcome_file,
    read_labels,
    read_markdown,
)
from letters.wording.lists import part_faults, rich_within, yes_no_printed
from letters.wording.rewriter import (
    LOOP,
    OUTCOME_WORDING,
    REACHING,
    answers,
    is_include,
    printed_names,
    read_names,
)
from letters.wording.style import HouseStyle, read_style, text_problems
from letters.wording.syntax import Source, TemplateFault, Templates, grammar_faults
from letters.wording.vocabulary import RECOMMENDATION as RECOMMENDATION_NAME
from letters.wording.vocabulary import SUBJECT, Vocabulary, locale_of


def placeholder_faults(
    tree: nodes.Template, vocabulary: Vocabulary, own: frozenset[str]
) -> Iterator[TemplateFault]:
    """Unknown names, values printed that are no text, comparisons that can never hold.

    `own` are names that the wording's files set themselves.
    """
    known = vocabulary.names | own
    for output in tree.find_all(nodes.Output):
        for child in output.nodes:
            if not isinstance(child, nodes.TemplateData) and not is_include(child):
                yield from _printed(child, vocabulary, known)
    yield from _deciding(tree, known)
    yield from (TemplateFault(*fault) for fault in part_faults(tree, vocabulary.lists))
    yield from _shadowing(tree, vocabulary)
    for comparison in tree.find_all(nodes.Compare):
        yield from _comparison(comparison, vocabulary)


def assigned(tree: nodes.Template) -> frozenset[str]:
    """Names a template sets itself, in loops and by `set`."""
    names = {name.name for name in tree.find_all(nodes.Name) if name.ctx in ("store", "param")}
    names |= {macro.name for macro in tree.find_all(nodes.Macro)}
    return frozenset(names | ({LOOP} if tree.find(nodes.For) else set()))


def _printed(
    expression: nodes.Expr, vocabulary: Vocabulary, known: frozenset[str]
) -> Iterator[TemplateFault]:
    for name in read_names(expression):
        if name.name not in known:
            yield _unknown(name, f"{{{{ {name.name} }}}}", known, "{{{{ {} }}}}")
    if answers(expression):
        what = "A question is printed, whose answer is yes or no."
        yield TemplateFault(expression.lineno, what, "Put it in {% if … %}, and print text.")
    for name in printed_names(expression):
        if name.name in vocabulary.yes_no:
            yield _yes_no(name)
        if name.name in vocabulary.rich and not _stands_alone(name, expression):
            yield _rich(name)


def _stands_alone(name: nodes.Name, expression: nodes.Expr) -> bool:
    """Whether rich text reaches the page unchanged: alone, by default, or as one of two."""
    if isinstance(expression, nodes.Filter) and expression.name == "default":
        return any(
            _stands_alone(name, each) for each in (expression.node, *expression.args) if each
        )
    if isinstance(expression, nodes.CondExpr):
        both = (expression.expr1, expression.expr2)
        return any(_stands_alone(name, each) for each in both if each)
    return expression is name


def _unknown(name: nodes.Name, shown: str, known: frozenset[str], form: str) -> TemplateFault:
    what = f"{shown} is not a placeholder."
    if name.name == OUTCOME_WORDING:
        return TemplateFault(
            name.lineno, f"{shown} is a file.", "Write {% include outcome_wording %}."
        )
    if name.name == SUBJECT:
        return TemplateFault(name.lineno, what, "Only the label 'title' can use it.")
    meant = nearest(name.name, known)
    if meant:
        return TemplateFault(name.lineno, what, f"Did you mean {form.format(meant)}?")
    fix = f"Use one of the round's, or declare '{name.name}' under 'fields' in round.yaml."
    return TemplateFault(name.lineno, what, fix)


def _yes_no(name: nodes.Name) -> TemplateFault:
    return TemplateFault(name.lineno, *yes_no_printed(name.name))


def _rich(name: nodes.Name) -> TemplateFault:
    return TemplateFault(name.lineno, *rich_within(name.name))


def _deciding(node: nodes.Node, known: frozenset[str]) -> Iterator[TemplateFault]:
    """Unknown names outside of printed values: in conditions, loops and `set`."""
    for child in node.iter_child_nodes():
        if isinstance(child, (nodes.Output, *REACHING)):
            continue
        if isinstance(child, nodes.Name):
            if child.ctx == "load" and child.name not in known:
                yield _unknown(child, f"'{child.name}'", known, "'{}'")
        else:
            yield from _deciding(child, known)


def _shadowing(tree: nodes.Template, vocabulary: Vocabulary) -> Iterator[TemplateFault]:
    for name in tree.find_all(nodes.Name):
        if name.ctx == "store" and name.name in vocabulary.names:
            what = f"'{name.name}' is the name of a placeholder and cannot be set."
            yield TemplateFault(name.lineno, what, "Choose another name.")
        elif name.ctx == "store" and name.name.startswith("_"):
            yield TemplateFault(
                name.lineno, f"'{name.name}' begins with '_'.", "Choose another name."
            )


def _comparison(node: nodes.Compare, vocabulary: Vocabulary) -> Iterator[TemplateFault]:
    sides = [node.expr, *(operand.expr for operand in node.ops)]
    for name in sides:
        if isinstance(name, nodes.Name):
            for text in (text for side in sides for text in _texts(side)):
                yield from _compared(name.name, text, vocabulary)


def _texts(side: nodes.Expr) -> Iterator[nodes.Const]:
    if isinstance(side, nodes.Const) and isinstance(side.value, str):
        yield side
    elif isinstance(side, nodes.List | nodes.Tuple):
        for each in side.items:
            yield from _texts(each)


def _compared(name: str, text: nodes.Const, vocabulary: Vocabulary) -> Iterator[TemplateFault]:
    if name in vocabulary.yes_no:
        what = f"'{name}' is yes or no and never equals '{text.value}'."
        fix = f"Write {{% if {name} %}} or {{% if not {name} %}}."
        yield TemplateFault(text.lineno, what, fix)
    values = vocabulary.choices.get(name)
    if values and text.value not in values:
        meant = nearest(text.value, values)
        fix = f"Did you mean '{meant}'?" if meant else f"Use one of {', '.join(values)}."
        yield TemplateFault(text.lineno, f"'{text.value}' is not a value of '{name}'.", fix)


Trees = Mapping[str, nodes.Template]


def include_faults(name: str, trees: Trees) -> Iterator[TemplateFault]:
    """Included files that do not exist, or that lead back to the file itself."""
    for included in _includes(trees[name]):
        target = _target(included)
        if target and target not in trees:
            what = f"'{target}' is not a file of this wording."
            yield TemplateFault(included.lineno, what, _meant(target, trees))
        elif _leads_back(name, included, trees):
            what = "This include leads back to its own file."
            yield TemplateFault(included.lineno, what, "Delete it; a file cannot hold itself.")


def label_faults(tree: nodes.Template, vocabulary: Vocabulary) -> Iterator[TemplateFault]:
    """What plain text of one line cannot hold: included files and rich text."""
    for included in _includes(tree):
        yield TemplateFault(included.lineno, "A label includes no file.", "Write its words here.")
    for name in tree.find_all(nodes.Name):
        if name.name in vocabulary.rich:
            what = f"'{name.name}' is rich text, which no label can hold."
            yield TemplateFault(name.lineno, what, "Use a placeholder that holds plain text.")


def uses_outcome_wording(tree: nodes.Template) -> bool:
    """Whether a template includes the wording of the letter's outcome."""
    return any(not _target(included) for included in _includes(tree))


def included_files(name: str, trees: Trees, outcome: str | None) -> set[str]:
    """`name` and every file it includes for a letter with `outcome`, directly or not."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        file = waiting.pop()
        if file in trees and file not in found:
            found.add(file)
            own = outcome_file(outcome) if outcome else ""
            waiting += [_target(each) or own for each in _includes(trees[file])]
    return found


def _includes(tree: nodes.Template) -> Iterator[nodes.Filter]:
    return (found for found in tree.find_all(nodes.Filter) if is_include(found))


def _target(included: nodes.Filter) -> str:
    """The file an include names; '' for the outcome's."""
    if isinstance(included.node, nodes.Name) and included.node.name == OUTCOME_WORDING:
        return ""
    return str(included.node.value) if isinstance(included.node, nodes.Const) else "?"


def _meant(target: str, trees: Trees) -> str:
    if target == RECOMMENDATION:
        return "Write {{ recommendation }}."
    near = nearest(target, [name for name in trees if name.endswith(".md")])
    if near:
        return f"Did you mean '{near}'?"
    return "Write the file, or name one that exists, from the wording's folder."


def _leads_back(name: str, included: nodes.Filter, trees: Trees) -> bool:
    """Whether what `included` holds can include `name` again, whatever the outcome."""
    targets = [_target(included)] if _target(included) else _outcomes(trees)
    seen: set[str] = set()
    while targets:
        file = targets.pop()
        if file in trees and file not in seen:
            seen.add(file)
            for each in _includes(trees[file]):
                targets += [_target(each)] if _target(each) else _outcomes(trees)
    return name in seen


def _outcomes(trees: Trees) -> list[str]:
    return [name for name in trees if name.startswith(OUTCOMES)]


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
        style: HouseStyle | None = None,
    ) -> None:
        self.place = place
        self.style = style or HouseStyle()
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
        style = read_style(folder, root, problems)
        wording = cls(place, files, labels, recommendation, style)
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
        faults += text_problems(self.style, round_)
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
    """recommendation.md, a quotation that is printed as it is."""
    if source is None:
        return None
    for number, row in enumerate(source.text.split("\n"), start=1):
        if any(tag in row for tag in ("{{", "{%", "{#")):
            what = "A recommendation is a quotation and holds no placeholders."
            place = Place(source.place.file, number)
            problems.append(Problem(place, what, "Write the words as they were published."))
    return RichText(source.text, source.place)
