"""The subject and the levels of the headings under it."""

from __future__ import annotations

from collections.abc import Sequence

from letters.document import Block, Heading, Origin
from letters.errors import Place
from letters.wording.run import Run


def split_subject(
    run: Run, blocks: Sequence[Block], letter: Place
) -> tuple[Heading, tuple[Block, ...]]:
    """The heading that opens a letter, and its body; problems where the headings are not sound.

    `letter` is the place of letter.md.
    """
    found = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
    body = tuple(block for block in blocks if block not in found)
    _check_subject(run, blocks, found, letter)
    _check_levels(run, body)
    return (found[0] if found else Heading(1, (), Origin())), body


def _check_subject(
    run: Run, blocks: Sequence[Block], found: Sequence[Heading], letter: Place
) -> None:
    if not found:
        if not run.problems:
            fix = "Begin letter.md with a line '# ' and the subject."
            run.problem(letter, "The letter has no subject.", fix)
    elif blocks[0] is not found[0]:
        what = "Text stands before the subject."
        run.problem(_place(blocks[0]), what, "Begin letter.md with the heading '# '.")
    for extra in found[1:]:
        what = "A second heading of the first level stands here."
        run.problem(_place(extra), what, "Write '## '; only the subject has one '#'.")


def _check_levels(run: Run, body: Sequence[Block]) -> None:
    level = 1
    for block in body:
        if isinstance(block, Heading):
            if block.level > level + 1:
                what = "The heading skips a level."
                run.problem(_place(block), what, f"Write '{'#' * (level + 1)} '.")
            level = block.level


def _place(block: Block) -> Place:
    return Place(block.origin.file, block.origin.line)
