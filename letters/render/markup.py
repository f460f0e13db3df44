"""The markup of a layout's letter.html, judged tag by tag: safe, self-contained, well built.

The page must load nothing, run nothing, and hold the letter's slots in their order inside
`<main><article class="letter">`, where readers and the read-back look for the letter.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

from letters.document import SLOTS
from letters.errors import Place, Problem

REFUSED = {
    "applet": "runs programs",
    "base": "changes where addresses lead",
    "button": "asks the reader to do something",
    "embed": "loads other content",
    "form": "asks the reader to do something",
    "frame": "loads other content",
    "frameset": "loads other content",
    "iframe": "loads other content",
    "img": "loads a file",
    "input": "asks the reader to do something",
    "link": "loads another file",
    "object": "loads other content",
    "script": "runs programs",
    "select": "asks the reader to do something",
    "svg": "draws inside the page",
    "textarea": "asks the reader to do something",
    "audio": "loads other content",
    "video": "loads other content",
    "source": "loads other content",
    "template": "hides what it holds",
    "math": "draws inside the page",
    "noscript": "is not read by everyone",
}
"""Tags no letter needs, with the reason."""

ADDRESSES = {"action", "background", "data", "formaction", "poster", "src", "srcset", "xlink:href"}
"""Attributes from which a browser loads something."""

HOLDERS = {"body", "main", "article", "header", "div", "section"}
"""Tags that may stand around a slot: others, such as `p`, end where its first block begins."""

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta"}
VOID |= {"source", "track", "wbr"}
PLACEHOLDER = re.compile(r"{{\s*(\w+).*?}}", re.DOTALL)
STATEMENT = re.compile(r"{%.*?%}|{#.*?#}", re.DOTALL)
SAFE_LINK = re.compile(r"(https?:|mailto:|tel:|#)", re.IGNORECASE)


def markup_problems(source: str, file: str) -> list[Problem]:
    """Everything wrong with the markup of a layout page that stands in `file`."""
    scanner = _Scanner(file)
    try:
        scanner.feed(STATEMENT.sub(_blank, source))
        scanner.close()
    except AssertionError:  # how html.parser answers a broken declaration
        scanner.report("The page cannot be read here.", "Look for a stray '<!'.")
    scanner.finish()
    return scanner.problems


def _blank(statement: re.Match[str]) -> str:
    """As many line ends as the statement had, so that lines keep their numbers."""
    return "\n" * statement[0].count("\n")


class _Scanner(HTMLParser):
    """Reads the page tag by tag, remembering what is open and what was seen."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=False)
        self._file = file
        self.problems: list[Problem] = []
        self._open: list[tuple[str, bool]] = []
        self._mains = self._letters = self._titles = 0
        self._language = False
        self._lines_into_text = 0
        self._slots: list[str] = []

    def report(self, what: str, fix: str) -> None:
        """Note a problem at the line now being read."""
        place = Place(self._file, self.getpos()[0] + self._lines_into_text)
        self.problems.append(Problem(place, what, fix))

    def _report_page(self, what: str, fix: str) -> None:
        self.problems.append(Problem(Place(self._file), what, fix))

    # Tags.

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in REFUSED:
            fix = "Draw it as a background, in the stylesheets." if tag == "img" else "Take it out."
            self.report(f"'<{tag}>' {REFUSED[tag]}, which a letter may not.", fix)
        for name, value in attributes.items():
            self._attribute(name, value)
        self._count(tag, attributes)
        if tag not in VOID:
            self._open.append((tag, self._is_letter(tag, attributes)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self._open or self._open[-1][0] != tag:
            inside = f"inside '<{self._open[-1][0]}>'" if self._open else "where nothing is open"
            fix = "Close every tag, in the opposite order of opening."
            self.report(f"'</{tag}>' stands {inside}.", fix)
        if tag in (name for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    @staticmethod
    def _is_letter(tag: str, attributes: dict[str, str]) -> bool:
        return tag == "article" and "letter" in attributes.get("class", "").split()

    def _count(self, tag: str, attributes: dict[str, str]) -> None:
        self._mains += tag == "main"
        self._titles += tag == "title"
        if self._is_letter(tag, attributes):
            self._letters += 1
            if "main" not in (name for name, _ in self._open):
                self.report("The letter stands outside '<main>'.", "Move it into '<main>'.")
        if tag == "html":
            self._language = _names(attributes.get("lang", "")) == ["document_language"]

    # Attributes.

    def _attribute(self, name: str, value: str) -> None:
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
        elif "{{" in value:
            self._placeholder_in(name, value)

    def _placeholder_in(self, name: str, value: str) -> None:
        if not re.search(rf"{re.escape(name)}\s*=\s*['\"]", self.get_starttag_text() or "", re.I):
            self.report(f"The value of '{name}' has no quotes.", "Put it in double quotes.")
        for slot in {*_names(value)} & {*SLOTS, "stylesheet", "letter_information", "draft_mark"}:
            fix = "Put it on a line of its own, between tags."
            self.report(f"'{{{{ {slot} }}}}' stands inside a tag.", fix)

    # Text.

    def handle_data(self, text: str) -> None:
        tag = self._open[-1][0] if self._open else ""
        for placeholder in PLACEHOLDER.finditer(text):
            name = placeholder[1]
            self._lines_into_text = text.count("\n", 0, placeholder.start())
            if (tag == "style") != (name == "stylesheet"):
                what = f"'{{{{ {name} }}}}' stands where it cannot be printed."
                self.report(what, "'<style>' holds '{{ stylesheet }}' and nothing else.")
            elif name in SLOTS:
                self._slot(name)
        self._lines_into_text = 0
        if tag == "style" and PLACEHOLDER.sub("", text).strip():
            self.report("'<style>' holds rules.", "Move them to print.css and screen.css.")

    def handle_comment(self, text: str) -> None:
        if "{{" in text:
            fix = "Use '{# … #}' for remarks about placeholders."
            self.report("A comment holds a placeholder, which would be published.", fix)

    def _slot(self, name: str) -> None:
        around = [tag for tag, _ in self._open]
        if not any(letter for _, letter in self._open):
            fix = "Move it into '<article class=\"letter\">'."
            self.report(f"'{{{{ {name} }}}}' stands outside the letter.", fix)
        wrong = [tag for tag in around if tag not in HOLDERS | {"html"}]
        if wrong:
            fix = "Put it in a '<div>' or '<section>'."
            self.report(f"'{{{{ {name} }}}}' stands inside '<{wrong[0]}>'.", fix)
        if self._slots and SLOTS.index(name) < SLOTS.index(self._slots[-1]):
            fix = "Keep the slots in the letter’s order; place them with the stylesheets."
            self.report(f"'{{{{ {name} }}}}' comes after '{{{{ {self._slots[-1]} }}}}'.", fix)
        self._slots.append(name)

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
        for tag, _ in self._open:
            self._report_page(f"'<{tag}>' is not closed.", f"Write '</{tag}>' where it ends.")


def _names(text: str) -> list[str]:
    """The placeholders in a piece of text."""
    return PLACEHOLDER.findall(text)
