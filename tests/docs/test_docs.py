"""The documentation is whole, and what it shows is what happens."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from letters import model, people
from letters.cli import cli
from letters.cli.shared import shared_options
from letters.document import SLOTS
from letters.project.recipients import Register, RegisterEntry
from letters.project.references import PLACEHOLDERS
from letters.project.shapes import keys_of
from letters.wording.style import HouseStyle, StyleTerm
from tests.docs.running import ran

ROOT = Path(__file__).parents[2]
DOCS = [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))]


def text_of(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    commands = text_of("commands.md")
    _, _, rest = commands.partition(f"## `letters {name}")
    section = rest.split("\n## ")[0]
    assert section
    options = [p for p in cli.commands[name].params if isinstance(p, click.Option)]
    shared = [o.opts for o in shared_options()]
    own = [o for o in options if o.opts not in shared]
    assert [o.opts for o in own if f"`{o.opts[-1]}" not in section] == []
    assert [opts for opts in shared if f"`{opts[-1]}" not in commands] == []


@pytest.mark.parametrize(
    "shape",
    [
        people.Recipient,
        people.Person,
        model.Round,
        people.Signatory,
        people.Contact,
        model.Approver,
        people.Sender,
        model.Nouns,
        model.RecordField,
        model.NationalReport,
        model.PressRelease,
        model.Claim,
        model.Quotation,
        model.RetiredTerm,
        model.NamedException,
        model.Answer,
        model.RegisterUse,
        Register,
        RegisterEntry,
        HouseStyle,
        StyleTerm,
    ],
)
def test_every_key_of_a_file_is_documented(shape: type[people.Model]) -> None:
    records = text_of("records.md")
    keys = [key for key, field in keys_of(shape).items() if not field.exclude]
    assert [key for key in keys if f"`{key}`" not in records] == []


def test_every_placeholder_slot_and_label_is_documented() -> None:
    from letters.wording.files import MEANINGS, WHERE_USED

    templates = text_of("templates.md")
    assert [name for name in PLACEHOLDERS if f"| `{name}` |" not in templates] == []
    assert [slot for slot in SLOTS if f"{{{{p {slot} }}}}" not in templates] == []
    assert [label for label in (*MEANINGS, *WHERE_USED) if f"`{label}`" not in templates] == []


def test_every_style_of_the_word_layout_is_documented() -> None:
    from letters.render.docx.stylesheet import REQUIRED

    templates = text_of("templates.md")
    styles = [style for kind in REQUIRED.values() for style in kind]
    assert [style for style in styles if style not in templates] == []


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_inside_the_repository_leads_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)", path.read_text(encoding="utf-8"))
    local = [link for link in links if not link.startswith(("http", "mailto"))]
    assert [link for link in local if not (path.parent / link).exists()] == []


STEP = re.compile(r"```(\w+)(?: (\S+))?\n(.*?)```", re.DOTALL)


def steps(text: str) -> list[tuple[str, str, str]]:
    """The fenced blocks of a page: language, file to save it as, content."""
    return STEP.findall(text)


def console(content: str) -> Iterator[tuple[str, str]]:
    """Each command of a console block, with the output shown under it."""
    for piece in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
        command, _, output = piece.partition("\n")
        yield command, output


def run(command: str, folder: Path) -> tuple[Path, str]:
    """What `command` prints, errors included, and the folder we are in afterwards."""
    if command.startswith("cd "):
        return folder / command.removeprefix("cd "), ""
    arguments = shlex.split(command)
    assert arguments[0] == "letters"
    _, printed = ran(arguments, folder)
    return folder, printed


def test_the_tutorial_happens_as_it_says(tmp_path: Path) -> None:
    folder, shown, seen = tmp_path, "", ""
    for language, name, content in steps(text_of("tutorial.md")):
        if name:
            (folder / name).write_text(content, encoding="utf-8")
        elif language == "console":
            for command, output in console(content):
                folder, printed = run(command, folder)
                shown += f"$ {command}\n{output}"
                seen += f"$ {command}\n{printed}"
    assert seen == shown
    assert "letters build" in shown


def test_the_library_page_runs() -> None:
    code = next(c for lang, _, c in steps(text_of("library.md")) if lang == "python")
    code = code.replace("path/to/project", ROOT.as_posix())
    scope: dict[str, object] = {}
    lines = [line for line in code.splitlines() if "build_round(" not in line]
    exec("\n".join(lines), scope)
    pdf = scope["pdf"]
    assert getattr(pdf, "content", b"").startswith(b"%PDF-")
    assert getattr(pdf, "name", "") == "merseyside.pdf"
