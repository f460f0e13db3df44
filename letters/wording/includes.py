"""Which files of a wording include which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jinja2 import nodes

from letters.errors import nearest
from letters.wording.folder import OUTCOMES, RECOMMENDATION, outcome_file
from letters.wording.grammar import TemplateFault
from letters.wording.marking import is_include
from letters.wording.names import OUTCOME_WORDING
from letters.wording.vocabulary import Vocabulary

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
