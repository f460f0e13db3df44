"""The markup of a layout's letter.html, checked tag by tag: safe, self-contained, well built.

The page must load nothing, run nothing, and hold the letter's slots inside
`<main><article class="letter">`, where readers and the read-back look for the letter.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from letters.document import SLOTS
from letters.errors import Place, Problem, did_you_mean, shortened
from letters.render.allowed.markup import refused_attribute, refused_meta, refused_tag
from letters.render.allowed.special import OUTSIDE
from letters.sources.tables import unseen_problems

ADDRESSES = {"action", "background", "data", "formaction", "poster", "src", "srcset", "xlink:href"}
"""Attributes from which a browser loads something."""

HOLDERS = {"body", "main", "article", "header", "div", "section"}
"""Tags that may stand around a slot: others, such as `p`, end where its first block begins."""

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
VOID |= {"source", "track", "wbr"}
PLACEHOLDER = re.compile(r"{{\s*(\w+).*?}}", re.DOTALL)
STATEMENT = re.compile(r"{%.*?%}|{#.*?#}", re.DOTALL)
CONDITION = "\ue000"
"""Stands for a `{% … %}` while tags are read."""

SAFE_LINK = re.compile(r"(https?:|mailto:|tel:|#)", re.IGNORECASE)


def markup_problems(source: str, file: str) -> list[Problem]:
    """Everything wrong with the markup of a layout page that stands in `file`."""
    scanner = _Scanner(file)
    try:
        scanner.feed(STATEMENT.sub(_blank, source.replace(CONDITION, "")))
        scanner.close()
    except AssertionError:  # how html.parser answers a broken declaration
        scanner.report("The page cannot be read here.", "Look for a stray '<!'.")
    scanner.finish()
    return scanner.problems + unseen_problems(file, source)


def slots_in(source: str) -> tuple[str, ...]:
    """The slots of a layout page, in the order in which it holds them."""
    names = PLACEHOLDER.findall(STATEMENT.sub("", source))
    return tuple(dict.fromkeys(name for name in names if name in SLOTS))


def with_everything(source: str, filled: Mapping[str, str], words: str) -> str:
    """A layout page without its conditions, slots filled in, `words` for other placeholders."""
    return PLACEHOLDER.sub(lambda found: filled.get(found[1], words), STATEMENT.sub("", source))


def _blank(statement: re.Match[str]) -> str:
    """As many line ends as the statement had, so that lines keep their numbers."""
    mark = CONDITION if statement[0].startswith("{%") else ""
    return mark + "\n" * statement[0].count("\n")


@dataclass(frozen=True, slots=True)
class _Opened:
    """A tag that is open."""

    tag: str
    is_letter: bool
    classes: frozenset[str] = frozenset()
    language: str = ""


class _Scanner(HTMLParser):
    """Reads the page tag by tag, remembering what is open and what was seen."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=False)
        self._file = file
        self.problems: list[Problem] = []
        self._open: list[_Opened] = []
        self._mains = self._letters = self._titles = 0
        self._language = False
        self._is_over = False
        self._lines_into_text = 0

    def report(self, what: str, fix: str) -> None:
        """Note a problem at the line now being read."""
        place = Place(self._file, self.getpos()[0] + self._lines_into_text)
        self.problems.append(Problem(place, what, fix))

    def _report_page(self, what: str, fix: str) -> None:
        self.problems.append(Problem(Place(self._file), what, fix))

    # Tags.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if self._is_over:
            self._report_late(f"<{tag}>")
        if why := refused_tag(tag):
            fix = "Draw it as a background, in the stylesheets." if tag == "img" else "Take it out."
            self.report(f"'<{tag}>' {why}, which a letter may not.", fix)
        if CONDITION in (self.get_starttag_text() or ""):
            fix = "Put '{% if … %}' round the whole element."
            self.report(f"A condition is inside '<{tag}>'.", fix)
        for name in {name for name, _ in attrs if [n for n, _ in attrs].count(name) > 1}:
            self.report(f"'{name}' is twice in one tag.", "Write it once.")
        for name, value in attributes.items():
            self._attribute(tag, name, value)
        if tag == "meta" and (what := refused_meta(attributes)):
            self.report(what, "Take it out, or write it as the layout of 'letters new' does.")
        self._count(tag, attributes)
        if tag not in VOID:
            self._open.append(self._opened(tag, attributes))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_startendtag(tag, attrs)
        if tag not in VOID:
            fix = f"Write '<{tag}></{tag}>'."
            self.report(f"'<{tag} … />' stays open in browsers.", fix)

    def _opened(self, tag: str, attributes: dict[str, str]) -> _Opened:
        classes = frozenset(attributes.get("class", "").split())
        for name in sorted(classes & {*OUTSIDE}) if self._in_letter() else ():
            what = f"'class=\"{name}\"' is inside the letter. Style sheets may hide or move it."
            self.report(what, "Move it out of '<article class=\"letter\">', or rename it.")
        return _Opened(tag, self._is_letter(tag, attributes), classes, attributes.get("lang", ""))

    def _in_letter(self) -> bool:
        return any(each.is_letter for each in self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        self._is_over |= tag in ("body", "html")
        if not self._open or self._open[-1].tag != tag:
            inside = f"inside '<{self._open[-1].tag}>'" if self._open else "where nothing is open"
            fix = "Close every tag, in the opposite order of opening."
            self.report(f"'</{tag}>' is {inside}.", fix)
        if tag in (each.tag for each in self._open):
            while self._open.pop().tag != tag:
                pass

    @staticmethod
    def _is_letter(tag: str, attributes: dict[str, str]) -> bool:
        return tag == "article" and "letter" in attributes.get("class", "").split()

    def _count(self, tag: str, attributes: dict[str, str]) -> None:
        self._mains += tag == "main"
        self._titles += tag == "title"
        if self._is_letter(tag, attributes):
            self._letters += 1
            if "main" not in (each.tag for each in self._open):
                self.report("The letter is outside '<main>'.", "Move it into '<main>'.")
        if tag == "html":
            self._language = _names(attributes.get("lang", "")) == ["document_language"]

    # Attributes.

    def _attribute(self, tag: str, name: str, value: str) -> None:
        if name.startswith("on"):
            self.report(f"'{name}' runs a program, which a letter may not.", "Take it out.")
        elif name == "style":
            fix = "Give the element a class and style it in print.css and screen.css."
            self.report("'style' hides looks inside the page.", fix)
        elif name == "http-equiv":
            self.report("'http-equiv' tells the browser what to do.", "Take it out.")
        elif name in ADDRESSES:
            self.report(f"'{name}' loads '{value}'.", "Take it out.")
        elif name == "href" and not SAFE_LINK.match(value.strip()):
            fix = "Write a whole address, beginning with 'https:' or 'mailto:'."
            self.report(f"'{value}' is not an address a letter may link to.", fix)
        elif not refused_tag(tag) and (why := refused_attribute(tag, name)):
            self.report(f"'{name}' {why}, which a layout may not.", "Take it out.")
        elif "{{" in value:
            self._placeholder_in(name, value)

    def _placeholder_in(self, name: str, value: str) -> None:
        if not re.search(rf"{re.escape(name)}\s*=\s*['\"]", self.get_starttag_text() or "", re.I):
            self.report(f"The value of '{name}' has no quotes.", "Put it in double quotes.")
        for slot in {*_names(value)} & {*SLOTS, "stylesheet", "letter_information", "draft_mark"}:
            fix = "Put it on a line of its own, between tags."
            self.report(f"'{{{{ {slot} }}}}' is inside a tag.", fix)
        if name == "class":
            fix = "Write the class itself."
            self.report("'class' holds a placeholder, so looks would depend on a value.", fix)

    # Text.

    def _report_late(self, what: str) -> None:
        """Note something behind the end of the page; browsers show it, and other readers do not."""
        self.report(f"'{what}' comes after '</body>'.", "Take it out, or move it into the page.")

    def handle_entityref(self, name: str) -> None:
        self._reference(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._reference(f"&#{name};")

    def _reference(self, written: str) -> None:
        """A character written by its name or number, which is read by itself."""
        if self._is_over or (self._open and self._open[-1].tag in ("title", "style")):
            self.handle_data(written)

    def handle_data(self, text: str) -> None:
        tag = self._open[-1].tag if self._open else ""
        if self._is_over and text.strip():
            self._report_late(shortened(text))
        for placeholder in PLACEHOLDER.finditer(text):
            name = placeholder[1]
            self._lines_into_text = text.count("\n", 0, placeholder.start())
            if (tag == "style") != (name == "stylesheet"):
                what = f"'{{{{ {name} }}}}' is where it cannot be printed."
                self.report(what, "'<style>' holds '{{ stylesheet }}' and nothing else.")
            elif name in SLOTS:
                self._slot(name)
            elif name in ("draft_mark", "letter_information") and self._in_letter():
                fix = "Move it in front of '<article class=\"letter\">'."
                self.report(f"'{{{{ {name} }}}}' is inside the letter.", fix)
        self._lines_into_text = 0
        if tag == "title" and not re.fullmatch(r"\s*{{\s*document_title\s*}}\s*", text):
            fix = "Write <title>{{ document_title }}</title>."
            self.report(f"The title of the page is '{text.strip()}', which no one approves.", fix)
        if tag == "style" and PLACEHOLDER.sub("", text).strip():
            self.report("'<style>' holds rules.", "Move them to print.css and screen.css.")

    def handle_comment(self, text: str) -> None:
        if "{{" in text:
            fix = "Use '{# … #}' for remarks about placeholders."
            self.report("A comment holds a placeholder, which would be published.", fix)
        elif {"<", ">"} & {*text}:
            self.report("A comment holds a tag, which a browser may show.", "Use '{# … #}'.")

    def handle_pi(self, text: str) -> None:
        self.report(f"'<?{text[:20]}' is no part of a page.", "Take it out.")

    def unknown_decl(self, text: str) -> None:
        self.report(f"'<![{text[:20]}' is no part of a page.", "Take it out.")

    def _slot(self, name: str) -> None:
        around = [each.tag for each in self._open]
        if not self._in_letter():
            fix = "Move it into '<article class=\"letter\">'."
            self.report(f"'{{{{ {name} }}}}' is outside the letter.", fix)
        wrong = [tag for tag in around if tag not in HOLDERS | {"html"}]
        if wrong:
            fix = "Put it in a '<div>' or '<section>'."
            self.report(f"'{{{{ {name} }}}}' is inside '<{wrong[0]}>'.", fix)
        for each in self._open:
            for special in sorted(each.classes & {*OUTSIDE}):
                what = f"'{{{{ {name} }}}}' is inside 'class=\"{special}\"', which style sheets "
                self.report(what + "may hide or move.", "Move the slot out of it.")
            if each.language and each.tag != "html":
                what = f"'{{{{ {name} }}}}' is inside 'lang=\"{each.language}\"', so it would be "
                self.report(what + "read out in that language.", "Take 'lang' out there.")

    def finish(self) -> None:
        """Note what the whole page lacks."""
        if not self._language:
            fix = 'Write <html lang="{{ document_language }}">.'
            self._report_page("The page does not say its language.", fix)
        if self._titles != 1:
            fix = "Write <title>{{ document_title }}</title>, once."
            self._report_page("The page does not have one title.", fix)
        if self._mains != 1:
            self._report_page("The page does not have one '<main>'.", "Put the letter in '<main>'.")
        if self._letters != 1:
            fix = "Put the slots in one '<article class=\"letter\">'."
            self._report_page("The page does not have one letter.", fix)
        for each in self._open:
            tag = each.tag
            self._report_page(f"'<{tag}>' is not closed.", f"Write '</{tag}>' where it ends.")


def _names(text: str) -> list[str]:
    """The placeholders in a piece of text."""
    return PLACEHOLDER.findall(text)


PAGE_NAMES = (
    "document_title",
    "document_language",
    "stylesheet",
    "letter_information",
    "draft_mark",
    "for_print",
)
"""Names a layout has besides the slots and the wording's own placeholders."""

ONCE = (*SLOTS, "stylesheet", "draft_mark")
"""What a layout must print exactly once."""

FILTERS = ("upper", "lower", "capitalize", "title")
"""Filters a layout may put on a placeholder."""

ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)


def environment() -> SandboxedEnvironment:
    """Jinja as layouts get it: sandboxed, escaping, strict, with nothing to call."""
    jinja = SandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    jinja.filters = {name: jinja.filters[name] for name in FILTERS}
    jinja.globals.clear()
    return jinja


def names_in(source: str) -> frozenset[str]:
    """Every name that a layout page prints or asks about."""
    return frozenset(node.name for node in environment().parse(source).find_all(nodes.Name))


class Placeholders:
    """The placeholders of one layout page; `file` names it in problems."""

    def __init__(self, source: str, file: str) -> None:
        """Raises jinja2.TemplateSyntaxError where the page is no template."""
        self._file = file
        self._tree = environment().parse(source)

    def problems(self, names: Collection[str]) -> Iterator[Problem]:
        """Everything wrong with the placeholders; `names` are those of the wording."""
        known = {*names, *SLOTS, *PAGE_NAMES}
        meant = ""
        for node in self._tree.find_all(nodes.Node):
            if isinstance(node, nodes.Name) and node.name not in known:
                problem = self._unknown(node, known)
                meant += problem.fix
                yield problem
            elif not isinstance(node, ALLOWED):
                what = "A layout holds placeholders and '{% if … %}', and nothing else of Jinja."
                yield self._problem(node, what, "Write the placeholder's name alone.")
            elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
                what = f"A layout may not use the filter '{node.name}'."
                yield self._problem(node, what, f"Use one of {', '.join(FILTERS)}, or none.")
        yield from self._counts(meant)
        yield from self._hidden(self._tree, frozenset())

    def _unknown(self, node: nodes.Name, known: Collection[str]) -> Problem:
        what = f"'{node.name}' is not a placeholder."
        fix = did_you_mean(node.name, sorted(known))
        return self._problem(node, what, fix or "Use a placeholder of the wording, or a slot.")

    def _problem(self, node: nodes.Node, what: str, fix: str) -> Problem:
        return Problem(Place(self._file, node.lineno or 0), what, fix)

    def _printed(self) -> Iterator[nodes.Name]:
        for output in self._tree.find_all(nodes.Output):
            yield from (node for node in output.nodes if isinstance(node, nodes.Name))

    def _counts(self, meant: str) -> Iterator[Problem]:
        """Names printed not once; those that a misspelt one `meant` are not named again."""
        printed = list(self._printed())
        for name in ONCE:
            found = [node for node in printed if node.name == name]
            if not found and f"'{name}'" not in meant:
                what = f"'{{{{ {name} }}}}' is not on the page."
                yield Problem(Place(self._file), what, "Put it in, once, with no filter.")
            for node in found[1:]:
                what = f"'{{{{ {name} }}}}' is on the page more than once."
                yield self._problem(node, what, "Take out all but one.")

    def _hidden(self, node: nodes.Node, asked: frozenset[str]) -> Iterator[Problem]:
        """Slots that a condition on something else could take away."""
        if isinstance(node, nodes.Name) and node.name in SLOTS and asked - {node.name}:
            what = f"A condition could take '{{{{ {node.name} }}}}' out of the letter."
            yield self._problem(node, what, "Move the slot out of the '{% if … %}'.")
        test = node.test if isinstance(node, nodes.If) else None
        inside = asked | _condition(test) if test else asked
        for child in node.iter_child_nodes():
            yield from self._hidden(child, asked if child is test else inside)


def _condition(test: nodes.Node) -> set[str]:
    """What a condition asks for: the one name it names, or something more."""
    return {test.name} if isinstance(test, nodes.Name) else {"more"}


def syntax_problem(error: TemplateSyntaxError, file: str) -> Problem:
    """A template's syntax error as a problem with its line."""
    message = (error.message or "it is not a template").rstrip(".")
    what = f"The placeholders cannot be read here: {message}."
    return Problem(Place(file, error.lineno), what, "Look for a missing brace or '{% endif %}'.")
