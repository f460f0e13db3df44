"""Whether a wording's placeholders exist and are used as what they are, and what files include."""

from collections.abc import Iterator, Mapping

from jinja2 import nodes

from letters.errors import nearest
from letters.wording.files import OUTCOMES, RECOMMENDATION, outcome_file
from letters.wording.rewriter import (
    LOOP,
    OUTCOME_WORDING,
    REACHING,
    answers,
    is_include,
    printed_names,
    read_names,
)
from letters.wording.syntax import TemplateFault
from letters.wording.vocabulary import SUBJECT, Vocabulary


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
    what = f"{{{{ {name.name} }}}} is yes or no, which is not text."
    return TemplateFault(name.lineno, what, f"Write {{% if {name.name} %}} … {{% endif %}}.")


def _rich(name: nodes.Name) -> TemplateFault:
    what = f"'{name.name}' is rich text, which can only be printed as it stands."
    return TemplateFault(name.lineno, what, f"Write {{{{ {name.name} }}}}.")


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
