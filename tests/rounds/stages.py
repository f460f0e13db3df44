"""A small approved round that goes through every stage, as users do it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner

from letters.cli import cli
from tests.builders import approve, changed, unzipped, zipped
from tests.rounds import found_property
from tests.rounds.found_property import ROUND_ID, a_publishable

LETTERS, SITE = f"out/{ROUND_ID}/letters", f"out/{ROUND_ID}/site"
LAYOUT = "templates/letterhead"
PAGE, PRINT, SCREEN = (f"{LAYOUT}/{name}" for name in ("letter.html", "print.css", "screen.css"))
WORD = f"{LAYOUT}/letter.docx"
BODY = "word/document.xml"
WORDING = "templates/found-property/letter.md"
APPROVED = datetime(2020, 3, 3, 9, 0, tzinfo=UTC)

RECIPIENT = """\
northmoor:
  name: Northmoor Police
  addressees:
    - name: Ada Thorne
      honours: QPM
      office: Chief Constable
  salutation: Chief Constable
  copied_to: none
"""
RECORD = """\
force,outcome,finding,shelves,remark
northmoor,in-place,All is well.,7,Plainly said.
"""

Said = tuple[int, str]
"""Exit status, and all that is printed."""

Changing = Callable[[Path], None]
"""What is done to a project's files."""


def a_round(root: Path) -> Path:
    """Write a round of one letter, published in the past as the clock of any machine has it."""
    letter = changed(
        found_property.LETTER, "{{ finding }}", "> {{ recommendation }}\n\n{{ finding }}"
    )
    round_ = found_property.ROUND.replace("March 2026", "March 2020")
    return a_publishable(root, round=round_, letter=letter, recipients=RECIPIENT, records=RECORD)


def sign(root: Path) -> Path:
    """Have the letter approved as it is now, before its publication."""
    return approve(root, at=APPROVED)


def run(*arguments: str | Path) -> Said:
    """What a command prints, and its exit status; a traceback fails the test."""
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


@dataclass(frozen=True)
class Stages:
    """What each stage said of a project, one after another."""

    check: Said
    build: Said
    gate: Said
    publish: Said
    verify: Mapping[str, Said]

    @classmethod
    def of(cls, root: Path) -> Stages:
        """Run them all: `verify` on what was built and on what was published, if anything was."""
        check, build = run("-C", root, "check"), run("-C", root, "build", "--jobs", "1")
        gate, publish = run("-C", root, "check", "--publication"), run("-C", root, "publish")
        there = [name for name in (LETTERS, SITE) if any((root / name).glob("*.*"))]
        verify = {name: run("verify", root / name) for name in there}
        return cls(check, build, gate, publish, verify)


def passes_all(root: Path) -> None:
    """Assert that the letter is built, published and verified: every stage says yes."""
    said = Stages.of(root)
    assert said.check == (0, "No problems.\n")
    assert said.build == (
        0,
        f"northmoor: built\n1 built; 3 files in {LETTERS}/\n",
    )
    assert said.gate[0] == 0
    assert said.gate[1].endswith("\nIt may be published.\n")
    assert said.publish == (
        0,
        f"Published 1 letter in {SITE}/ (13 files).\n"
        "Not checked, since the round sets none: report, numbers, printed, quotations, terms.\n",
    )
    sound = "3 files of letters checked; no faults."
    assert said.verify == {
        LETTERS: (0, "3 files checked; no faults.\n"),
        SITE: (0, f"{root / SITE}: every file as published; {sound}\n"),
    }


def refused_by_all(root: Path, *problems: str) -> None:
    """Assert that `check` says `problems`, and that no later stage writes anything."""
    count = "1 problem." if len(problems) == 1 else f"{len(problems)} problems."
    lines = "".join(f"{line}\n" for line in (*problems, count))
    said = Stages.of(root)
    assert said.check == (1, lines)
    assert said.build == (1, f"{lines}{ROUND_ID}: nothing was written.\n")
    assert said.gate[0] == 1
    assert said.gate[1].endswith(f"\n{lines}")
    assert said.publish == (1, lines)
    assert said.verify == {}


def refused_as_made(root: Path, file: str, finding: str, fix: str) -> None:
    """Assert that no stage writes the letter whose `file` has a fault that shows once it is made.

    The publication has a second edition of it, so it names the file another way.
    """
    said = Stages.of(root)
    line = f"{LETTERS}/{file}: not written: {finding}. {fix}"
    assert said.check == (
        1,
        f"out/{ROUND_ID}/letters/{file}: {line.partition(': ')[2]}\n1 problem.\n",
    )
    assert said.build == (
        1,
        f"northmoor: failed\n1 failed; 0 files in {LETTERS}/\nnorthmoor failed: letters/{file}: "
        f"{line.partition(': ')[2]}\n",
    )
    assert said.gate[0] == said.publish[0] == 1
    assert finding in said.gate[1]
    assert finding in said.publish[1]
    assert said.verify == {}


def needs_another_look(root: Path, changes: str) -> None:
    """Assert that the letter is a draft, since it says `changes`, and is not published."""
    said = Stages.of(root)
    assert said.check == (0, "No problems.\n")
    assert said.build == (
        0,
        f"northmoor: draft\n1 draft; 3 files in {LETTERS}/\n"
        f"northmoor draft: changed since it was approved: {changes}. Approve it again.\n",
    )
    line = (
        f"rounds/{ROUND_ID}/approvals.yaml northmoor: The letter to Northmoor Police was changed"
        f" after Oswin Kite approved it: {changes}. Have it approved:"
        " letters approve northmoor --by ID.\n1 problem.\n"
    )
    assert said.gate[0] == 1
    assert said.gate[1].endswith(f"\n{line}")
    assert said.publish == (1, line)
    assert said.verify == {LETTERS: (0, "3 files checked; no faults.\n")}


def edit(name: str, old: str, new: str) -> Changing:
    """Replace a text, which must be there, in a file of a project."""

    def change(root: Path) -> None:
        path = root / name
        path.write_text(changed(path.read_text("utf-8"), old, new), "utf-8")

    return change


def styled(css: str, *sheets: str) -> Changing:
    """Add rules to the end of style sheets, both unless some are named."""

    def change(root: Path) -> None:
        for name in sheets or (PRINT, SCREEN):
            path = root / name
            path.write_text(f"{path.read_text('utf-8')}{css}\n", "utf-8")

    return change


def in_word(*edits: tuple[str, str, str], **added: str | bytes) -> Changing:
    """Edit texts of a Word layout's parts: part, text there, text instead; add other parts."""

    def change(root: Path) -> None:
        parts = unzipped((root / WORD).read_bytes())
        for part, old, new in edits:
            parts[part] = changed(parts[part].decode(), old, new).encode()
        parts |= {n: p.encode() if isinstance(p, str) else p for n, p in added.items()}
        (root / WORD).write_bytes(zipped(parts))

    return change


def in_style(style: str, kind: str, xml: str) -> Changing:
    """Add properties of a kind, rPr or pPr, to a style of the Word layout, by its id."""

    def change(root: Path) -> None:
        styles = unzipped((root / WORD).read_bytes())["word/styles.xml"].decode()
        found = re.search(rf'<w:style [^>]*w:styleId="{style}".*?</w:style>', styles, re.DOTALL)
        assert found
        own, holder = found[0], f"<w:{kind}>"
        new = (
            own.replace(holder, holder + xml)
            if holder in own
            else changed(own, "</w:style>", f"{holder}{xml}</w:{kind}></w:style>")
        )
        in_word(("word/styles.xml", own, new))(root)

    return change


def then(*changes: Changing) -> Changing:
    """Make one change after another."""

    def change(root: Path) -> None:
        for each in changes:
            each(root)

    return change
