"""One word for one thing: the glossary's, in names and in prose."""

import ast
import re
from pathlib import Path

import pytest

from tools.list_unexplained import unexplained

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "letters").rglob("*.py"))
PAGES = [p for p in sorted(ROOT.rglob("*.md")) if not {"tests", ".venv", ".judges"} & {*p.parts}]

OLD = """
wishes order workshop maker crew hands alone lost toolong shelf shelved remote standing press
stationery desk epoch kept scope spots spot turns strangers substance folding agreement readiness
judge judges reading reader line run piece part look
""".split()  # noqa: SIM905  (a list of words reads best as words)
"""Words of an earlier house, which nobody outside it could guess. As the whole name of a class or a
file they are gone; some are ordinary words and may be inside a longer name."""

ALWAYS_GONE = {
    "wishes",
    "workshop",
    "crew",
    "shelf",
    "stationery",
    "desk",
    "epoch",
    "strangers",
    "judge",
}

PHRASES = (
    "is to be had",
    "stumbled here",
    "was given up",
    "the round has it no more",
    "What is claimed is in the report",
    "No word.",
    "Shown as saved",
    "in the group ‘",
    "believes whoever",
    "has nothing to say",
    "passes its judges",
)  # fmt: skip
"""Sentences that were read twice, and what they have in common with others of their kind."""


MANNERED = re.compile(r"\b(?:whom|anew|lest|rubbish|nobody|is to be had)\b", re.IGNORECASE)
"""Words that are rarely said, for which there are ordinary ones."""

ENGLISH = ("claims.py", "grammar.py", "numerals.py", "patterns.py", "printed.py", "shapes.py")
"""Files that read such words in the English of others."""


def messages(path: Path) -> list[str]:
    """The texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    texts = (n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in docs)
    return [each.value for each in texts if isinstance(each.value, str)]


def classes() -> list[str]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in FILES)
    return [n.name for tree in trees for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]


def test_no_class_or_file_has_a_name_of_the_old_house() -> None:
    names = [name.lstrip("_").lower() for name in classes()] + [path.stem for path in FILES]
    assert sorted({*names} & {*OLD}) == []
    words = {w.lower() for name in classes() for w in re.findall("[A-Z][a-z]+", name)}
    words |= {word for path in FILES for word in path.stem.split("_")}
    assert sorted(words & ALWAYS_GONE) == []


def test_no_class_name_is_used_twice_and_no_file_name_more_than_twice() -> None:
    found = classes()
    assert sorted({name for name in found if found.count(name) > 1}) == []
    ordinary = {"__init__", "html", "docx", "pdf"}
    stems = [path.stem for path in FILES if path.stem not in ordinary]
    assert sorted({stem for stem in stems if stems.count(stem) > 2}) == []


@pytest.mark.parametrize("phrase", PHRASES)
def test_no_message_or_page_says(phrase: str) -> None:
    shown = [p for p in (ROOT / "letters").rglob("*") if p.suffix in (".py", ".html", ".js")]
    pages = [page for page in PAGES if page.name != "CHANGELOG.md"]
    assert [p.name for p in (*shown, *pages) if phrase in p.read_text(encoding="utf-8")] == []


def test_messages_and_pages_use_ordinary_words() -> None:
    files = [path for path in FILES if path.name not in ENGLISH]
    assert [m for path in files for m in messages(path) if MANNERED.search(m)] == []
    pages = [p for p in PAGES if p.name != "CHANGELOG.md" and "templates" not in p.parts]
    lines = (line for page in pages for line in page.read_text(encoding="utf-8").splitlines())
    assert [line for line in lines if MANNERED.search(line)] == []


def test_every_word_of_the_glossary_is_explained_in_one_line() -> None:
    text = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    words = [word for word, _ in rows if word not in ("word", "---")]
    assert len(words) == len({*words}) > 50
    assert all(len(meaning) > 10 for word, meaning in rows if word in words)


def test_numbers_long_expressions_and_replaced_names_have_a_reason() -> None:
    found = {
        f"{path.name}:{line}"
        for path in FILES
        for line, _ in unexplained(path.read_text(encoding="utf-8"))
    }
    assert found == set()
