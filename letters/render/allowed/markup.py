"""The list of tags and attributes that a layout's letter.html may hold, and why no others."""

import re

TAGS = frozenset({
    "html", "head", "meta", "title", "style", "body", "header", "footer", "main", "article",
    "section", "aside", "nav", "div", "address", "p", "h1", "h2", "h3", "ul", "ol", "li", "dl",
    "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "figure", "figcaption", "blockquote",
    "a", "abbr", "b", "br", "cite", "code", "em", "hr", "i", "small", "span", "strong", "sub",
    "sup", "time",
})  # fmt: skip
"""Tags whose words are read where they stand, by everyone."""

REFUSED_TAGS = {
    "applet": "runs programs",
    "audio": "loads other content",
    "base": "changes where addresses lead",
    "bdi": "changes the order of words",
    "bdo": "changes the order of words",
    "button": "asks the reader to do something",
    "canvas": "draws inside the page",
    "del": "strikes words out",
    "details": "hides what it holds until it is opened",
    "dialog": "hides what it holds",
    "embed": "loads other content",
    "form": "asks the reader to do something",
    "frame": "loads other content",
    "frameset": "loads other content",
    "iframe": "loads other content",
    "img": "loads a file",
    "input": "asks the reader to do something",
    "link": "loads another file",
    "marquee": "moves words",
    "math": "draws inside the page",
    "meter": "hides what it holds",
    "noscript": "is not read by everyone",
    "object": "loads other content",
    "plaintext": "prints tags as words",
    "progress": "hides what it holds",
    "q": "prints quotation marks of its own",
    "rp": "prints words beside others",
    "rt": "prints words over others",
    "ruby": "prints words over others",
    "s": "strikes words out",
    "script": "runs programs",
    "select": "asks the reader to do something",
    "slot": "is filled by programs",
    "source": "loads other content",
    "strike": "strikes words out",
    "svg": "draws inside the page",
    "template": "hides what it holds",
    "textarea": "asks the reader to do something",
    "video": "loads other content",
    "xmp": "prints tags as words",
}
"""Tags that no letter needs, with the reason. Others that are not in `TAGS` are refused too."""

ATTRIBUTES = {
    "class": (),
    "id": (),
    "lang": (),
    "href": ("a",),
    "charset": ("meta",),
    "name": ("meta",),
    "content": ("meta",),
    "scope": ("th",),
    "colspan": ("th", "td"),
    "rowspan": ("th", "td"),
    "datetime": ("time",),
}
"""Attributes that say nothing to a reader, and the tags they may stand on (none: all)."""

REFUSED_ATTRIBUTES = {
    "hidden": "hides words",
    "inert": "hides words from people who listen to the page",
    "popover": "hides words",
    "open": "hides or shows words",
    "aria-hidden": "hides words from people who listen to the page",
    "role": "changes what people who listen to the page hear",
    "dir": "changes the order of words",
    "title": "adds words",
    "alt": "adds words",
    "summary": "adds words",
    "start": "changes the numbers of a list",
    "reversed": "changes the numbers of a list",
    "value": "changes the numbers of a list",
    "type": "changes the numbers of a list",
    "color": "sets looks inside the page",
    "bgcolor": "sets looks inside the page",
    "width": "sets looks inside the page",
    "height": "sets looks inside the page",
    "contenteditable": "lets readers change words",
    "translate": "changes words in translation",
    "media": "changes which readers styles are for",
}
"""Attributes that change what is read, with the reason. Others not listed are refused too."""

METAS = {
    "viewport": "width=device-width, initial-scale=1",
    "author": "",
    "description": "",
    "robots": "",
    "theme-color": "",
}
"""What `<meta name="…">` may say, and the one value it may have ('' for any)."""


SAYING = frozenset({"author", "description"})
"""Those that search engines show: placeholders may stand in them, and no words."""


def refused_tag(tag: str) -> str:
    """Why a tag may not stand in a layout, or ''."""
    if tag in TAGS:
        return ""
    return REFUSED_TAGS.get(tag, "is not on the list of what a letter’s page may hold")


def refused_attribute(tag: str, name: str) -> str:
    """Why an attribute may not stand on a tag, or ''."""
    tags = ATTRIBUTES.get(name)
    if tags is not None and (not tags or tag in tags):
        return ""
    if name in REFUSED_ATTRIBUTES:
        return REFUSED_ATTRIBUTES[name]
    if name.startswith("aria-"):
        return "changes what people who listen to the page hear"
    return "is not on the list of what a letter’s page may hold"


def refused_meta(attributes: dict[str, str]) -> str:
    """Why `<meta>` may not stand in a layout with these attributes, or ''."""
    name = attributes.get("name", "").strip().lower()
    if attributes.get("charset", "utf-8").strip().lower() != "utf-8":
        return f"The page is written in UTF-8, not in '{attributes['charset']}'."
    if not name:
        return ""
    said = "".join(attributes.get("content", "").lower().split())
    if name not in METAS:
        return f"'<meta name=\"{name}\">' tells the browser what to do."
    words = attributes.get("content", "")
    if name in SAYING and not re.fullmatch(r"({{\s*\w+\s*}}|[\s,.–-])*", words):
        return f"'<meta name=\"{name}\">' says '{words}', which no one approves."
    if METAS[name] and said != METAS[name].replace(" ", ""):
        return f"'<meta name=\"{name}\">' changes how the page is shown."
    return ""
