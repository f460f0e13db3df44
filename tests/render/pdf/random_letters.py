"""Letters made at random whose pages end anywhere: in headings, lists, tables, quotations, links.

The same number always makes the same letter.
"""

from __future__ import annotations

import random
import re
from pathlib import Path

from letters.document import Document
from letters.model import Letter
from letters.render.round_templates import RoundTemplates
from letters.wording import typeset
from tests.builders import PNG, a_letter, a_recipient, a_wording

WORDS = """
    five return police to has first effective with a in we services will officers the Act force
    inspection forces’ plan accountability well-known and/or custody recommendation of by 43 is
    it “how 2017–18 – Section_8 £1,004 50% e.g. Fens & Marshes [tŷ_dŵr]{cy} **now** *Policing_2016*
    ***both***
    """.split()  # noqa: SIM905  (a list of words reads best as words)
ADDRESSES = (
    "www.inspectorate.example/handbook",
    "<https://www.inspectorate.example/publications/a-very-long-name-of-a-page/annex-b>",
    "<letters@inspectorate.example>",
    "[our report on what happened in the fens last year](https://inspectorate.example/?a=1&b=2)",
    "**[read on](https://inspectorate.example/a_b)**",
)
HEADINGS = ("Cause of concern", "Visit 1 of 1", "What we found", "Page 2", "Next steps & [tŷ]{cy}")
LIKE_FURNITURE = ("Page 1 of 2", "Grades 1 to 1", "2", "DRAFT", "1 of 1", "Dear Chief Constable")


NUMBERED = re.compile(r"\d+\. ")


def apart(blocks: list[str]) -> list[str]:
    """The blocks with words between two numbered lists, which Markdown would take for one."""
    out: list[str] = []
    for block in blocks:
        if out and NUMBERED.match(out[-1]) and NUMBERED.match(block):
            out.append("We go on.")
        out.append(block)
    return out


class Writer:
    """Writes one letter in Markdown."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._has_heading = False

    def body(self) -> str:
        """Between one page and six, after a filler of any length."""
        blocks = [self._sentence(self._random.randint(1, 250))]
        kinds = (
            self._heading, self._paragraph, self._paragraph, self._list, self._quote, self._table,
            self._address, self._address, self._like_furniture, self._long, self._headings,
        )  # fmt: skip
        blocks += [self._random.choice(kinds)() for _ in range(self._random.randint(3, 16))]
        return "\n\n".join(apart([*blocks, self._paragraph()]))

    def _sentence(self, count: int) -> str:
        words = self._random.choices(WORDS, k=count)
        text = " ".join(words).replace("_", "\u00a0")
        return f"So {text}{self._random.choice(('.', '.', ':', ''))}"

    def _paragraph(self) -> str:
        return self._sentence(self._random.randint(2, 90))

    def _long(self) -> str:
        return self._sentence(self._random.randint(300, 700))

    def _address(self) -> str:
        """A paragraph that ends with an address, with or without a stop, or begins with one."""
        address, text = self._random.choice(ADDRESSES), self._paragraph()
        stop = self._random.choice(("", "", ".", ")"))
        return self._random.choice((f"{text} {address}{stop}", f"{address} {text}", address))

    def _like_furniture(self) -> str:
        return self._random.choice(LIKE_FURNITURE)

    def _heading(self) -> str:
        level = self._random.choice("23") if self._has_heading else "2"
        self._has_heading = True
        return f"{'#' * int(level)} {self._random.choice(HEADINGS)}"

    def _headings(self) -> str:
        return "\n\n".join(self._heading() for _ in range(2))

    def _item(self, level: int) -> str:
        blocks = [self._random.choice((self._paragraph, self._address, self._like_furniture))()]
        if level < 3 and self._random.random() < 0.3:
            blocks.append(self._list(level + 1))
        blocks += [self._paragraph()] * (self._random.random() < 0.2)
        blocks += [f"> {self._paragraph()}"] * (self._random.random() < 0.1)
        return "\n\n".join(blocks)

    def _list(self, level: int = 1) -> str:
        numbered, items = self._random.random() < 0.5, []
        for number in range(1, self._random.randint(1, 9 if level == 1 else 4) + 1):
            label = f"{number}." if numbered else "-"
            items.append(f"{label:4}" + self._item(level).replace("\n", "\n    "))
        return self._random.choice(("\n", "\n\n")).join(items)

    def _quote(self) -> str:
        kinds = (self._paragraph, self._paragraph, self._address, self._list)
        blocks = [self._random.choice(kinds)() for _ in range(self._random.randint(1, 5))]
        return "\n".join(f"> {line}".rstrip() for line in "\n\n".join(apart(blocks)).split("\n"))

    def _cell(self) -> str:
        kinds = (self._paragraph, self._like_furniture, lambda: "", lambda: self._sentence(2))
        return self._random.choice(kinds)()

    def _table(self) -> str:
        columns, rows = self._random.randint(1, 4), self._random.randint(1, 30)
        heads = [f"Head {n}" for n in range(columns)]
        rules = [self._random.choice(("---", "--:", ":-:")) for _ in range(columns)]
        cells = [[self._cell() for _ in range(columns)] for _ in range(rows)]
        return "\n".join(f"| {' | '.join(row)} |" for row in [heads, rules, *cells])


def random_letter(seed: int, root: Path) -> tuple[Letter, Document]:
    """The letter of a number, and its words without a layout; `root` is for its wording."""
    offices = [{"office": f"Commissioner {n} for Fenmark"} for n in range(seed % 7)]
    recipient = a_recipient(id=f"letter-{seed}", copied_to=offices)
    letter = a_letter(recipients=(recipient,), signature=PNG)
    return letter, typeset(letter, a_wording(root, Writer(seed).body()))


def laid_out(round_templates: RoundTemplates, seed: int, root: Path) -> Document:
    """The letter of a number in a layout; every fifth is a draft."""
    letter, document = random_letter(seed, root)
    is_draft = seed % 5 == 0
    return (
        round_templates.draft_of(letter, document)
        if is_draft
        else round_templates.laid_out(document)
    )
