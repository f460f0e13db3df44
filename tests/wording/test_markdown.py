"""Markdown and filters as letters use them: what is written becomes the block tree."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from letters.document import (
    Block,
    Break,
    Emphasis,
    Gap,
    Heading,
    Inline,
    Language,
    Link,
    List,
    Paragraph,
    Quote,
    Strong,
    Table,
    Text,
    plain,
)
from letters.model import Value
from letters.wording import typeset
from tests.builders import a_letter, a_wording, body_of

RUNNING: list[tuple[str, tuple[Inline, ...]]] = [
    ("plain", (Text("plain"),)),
    ("two\nlines", (Text("two lines"),)),
    ("a  \nb", (Text("a"), Break(), Text("b"))),
    ("a\\\nb", (Text("a"), Break(), Text("b"))),
    ("  many   spaces  ", (Text("many spaces"),)),
    ("*a*", (Emphasis((Text("a"),)),)),
    ("a **b** c", (Text("a "), Strong((Text("b"),)), Text(" c"))),
    ("***a***", (Emphasis((Strong((Text("a"),)),)),)),
    ("a*b*c", (Text("a"), Emphasis((Text("b"),)), Text("c"))),
    ("\\*a\\* \\# 1\\.", (Text("*a* # 1."),)),
    ("R&amp;D & x &lt; y", (Text("R&D & x < y"),)),
    ("a&nbsp;b", (Text("a\u00a0b"),)),
    ("‘a’ – “b”", (Text("‘a’ – “b”"),)),
    ("'a' -- \"b\"", (Text("'a' -- \"b\""),)),
    ("[a](https://fens.example/ŵ)", (Link("https://fens.example/%C5%B5", (Text("a"),)),)),
    ("[a *b*](tel:123)", (Link("tel:123", (Text("a "), Emphasis((Text("b"),)))),)),
    ("<https://fens.example>", (Link("https://fens.example", (Text("https://fens.example"),)),)),
    ("[Tŷ]{cy}", (Language("cy", (Text("Tŷ"),)),)),
    ("[Tŷ *mawr*]{cy-GB}", (Language("cy-GB", (Text("Tŷ "), Emphasis((Text("mawr"),)))),)),
    ("**[Tŷ]{cy}**", (Strong((Language("cy", (Text("Tŷ"),)),)),)),
    ("[中文]{zh-Hant-TW}", (Language("zh-Hant-TW", (Text("中文"),)),)),
    ("[sic]", (Text("[sic]"),)),
    ("5 * 3 * 2", (Text("5 * 3 * 2"),)),
    ("snake_case_word", (Text("snake_case_word"),)),
    ("In 1984. Then", (Text("In 1984. Then"),)),
]

ADDRESSES = [
    "https://example.org/_report_/x",
    "See https://example.org/_report_, then http://example.org/a__b__/_c_?d=_e_#_f_.",
    "(www.example.org/_report_/__x__)",
    "example.org/_report_/x",
    "mailto:jo._hale_@example.org or jo._hale_@example.org",
    "HTTPS://EXAMPLE.ORG/*report*/**x**/y~~z",
    "“https://example.org/_report_/x”",
]
"""Bare addresses, whose signs mark nothing."""

MARKED_ADDRESSES: list[tuple[str, tuple[Inline, ...]]] = [
    ("_https://example.org/_a_/b_", (Emphasis((Text("https://example.org/_a_/b"),)),)),
    ("**https://example.org/_a_/b**,", (Strong((Text("https://example.org/_a_/b"),)), Text(","))),
    ("*www.example.org*-like", (Emphasis((Text("www.example.org"),)), Text("-like"))),
    ("_jo@example.org_", (Emphasis((Text("jo@example.org"),)),)),
    ("https://example.org _a_", (Text("https://example.org "), Emphasis((Text("a"),)))),
    (r"https://example.org/\_a\_/b", (Text("https://example.org/_a_/b"),)),
    (
        "[https://example.org/_a_/b *c*](https://example.org/_a_/b)",
        (
            Link(
                "https://example.org/_a_/b",
                (Text("https://example.org/_a_/b "), Emphasis((Text("c"),))),
            ),
        ),
    ),
    (
        "and/_or_/not e.g./_so_",
        (Text("and/"), Emphasis((Text("or"),)), Text("/not e.g./"), Emphasis((Text("so"),))),
    ),
]


def inlines(block: Block) -> tuple[Inline, ...]:
    assert isinstance(block, Paragraph | Heading)
    return block.content


def words(blocks: tuple[Block, ...]) -> list[str]:
    return [plain(inlines(block)) for block in blocks]


@pytest.mark.parametrize(("source", "expected"), RUNNING)
def test_running_text(tmp_path: Path, source: str, expected: tuple[Inline, ...]) -> None:
    (paragraph,) = body_of(tmp_path, source)
    assert inlines(paragraph) == expected


@pytest.mark.parametrize("source", ADDRESSES)
def test_a_bare_address_is_printed_as_typed(tmp_path: Path, source: str) -> None:
    (paragraph,) = body_of(tmp_path, source)
    assert inlines(paragraph) == (Text(source),)


@pytest.mark.parametrize(("source", "expected"), MARKED_ADDRESSES)
def test_what_stands_round_an_address_is_still_markdown(
    tmp_path: Path, source: str, expected: tuple[Inline, ...]
) -> None:
    (paragraph,) = body_of(tmp_path, source)
    assert inlines(paragraph) == expected


def test_headings(tmp_path: Path) -> None:
    found = body_of(tmp_path, "## Two\n\n### Three *x*\n\n## Two again ##\n\nText.")
    assert [getattr(block, "level", 0) for block in found] == [2, 3, 2, 0]
    assert words(found) == ["Two", "Three x", "Two again", "Text."]


def test_quotations(tmp_path: Path) -> None:
    (quote,) = body_of(tmp_path, "> One\n> more.\n>\n> Two.")
    assert isinstance(quote, Quote)
    assert words(quote.blocks) == ["One more.", "Two."]


LISTS = """\
3. Three
4. Four:

   - bullet
   - bullet with a list:

     7. seven
     8. eight

   More of four.

   > A quote in four.

{% if sent_date %}
5. Five
{% endif %}
"""


def test_lists(tmp_path: Path) -> None:
    (outer,) = body_of(tmp_path, LISTS)
    assert isinstance(outer, List)
    assert (outer.start, len(outer.items)) == (3, 3)
    first, inner, more, quote = outer.items[1]
    assert words((first, more)) == ["Four:", "More of four."]
    assert isinstance(inner, List)
    assert isinstance(quote, Quote)
    deepest = inner.items[1][1]
    assert (inner.start, getattr(deepest, "start", None)) == (None, 7)


def test_a_list_in_a_quotation_and_a_list_after_a_list(tmp_path: Path) -> None:
    quote, one, two = body_of(tmp_path, "> - a\n> - b\n\n- c\n\n1. d\n2. e")
    assert isinstance(quote, Quote)
    assert isinstance(quote.blocks[0], List)
    assert (getattr(one, "start", 0), getattr(two, "start", 0)) == (None, 1)


def test_tables(tmp_path: Path) -> None:
    source = "| A | *B* | C | D |\n| --- | :-- | --: | :-: |\n| 1 | 2 \\| 3 | | {{ force_name }} |"
    (table,) = body_of(tmp_path, source)
    assert isinstance(table, Table)
    assert table.aligns == ("", "left", "right", "center")
    assert [[plain(cell) for cell in row] for row in table.rows] == [
        ["A", "B", "C", "D"],
        ["1", "2 | 3", "", "Fenmark Police"],
    ]


def test_rows_of_a_table_may_depend_on_the_record(tmp_path: Path) -> None:
    source = "| A | B |\n| - | - |\n{% if sent_date %}\n| 1 | 2 |\n{% endif %}\n| 3 | 4 |\n"
    (table,) = body_of(tmp_path, source)
    assert isinstance(table, Table)
    assert [plain(row[0]) for row in table.rows] == ["A", "1", "3"]


VALUES: dict[str, Value] = {
    "lead": "ann LEE",
    "waiting": Decimal("3126.50"),
    "visited": date(2026, 1, 5),
    "store": "own",
}

EXPRESSIONS = [
    ("{{ lead | upper }}", "ANN LEE"),
    ("{{ lead | lower }}", "ann lee"),
    ("{{ lead | capitalize }}", "Ann LEE"),
    ("{{ ('  ' ~ lead ~ '  ') | trim }}", "ann LEE"),
    ("{{ annex | default('none') }}", "none"),
    ("{{ lead | default('none') }}", "ann LEE"),
    ("{{ annex | default(1.5) }} {{ 2 }}", "1.5 2"),
    ("{{ waiting }}", "3126.50"),
    ("{{ waiting | grouped }}", "3,126.50"),
    ("{{ 1204 | grouped }}", "1,204"),
    ("{{ lead | grouped }}", "ann LEE"),
    ("{{ visited }}", "5 January 2026"),
    ("{{ visited | upper }}", "5 JANUARY 2026"),
    ("{{ [lead, visited] }}", "ann LEE and 5 January 2026"),
    ("{{ [lead, visited] | join(' / ') }}", "ann LEE / 5 January 2026"),
    ("{{ [lead, store, 'Bea'] | sort | join(', ') }}", "ann LEE, Bea, own"),
    ("{{ [lead, store] | first }} {{ [lead, store] | last }}", "ann LEE own"),
    ("{{ [lead, store] | length }} {{ lead | length }}", "2 1"),
    ("{{ force_name | first }}", "Fenmark Police"),
    ("{{ lead ~ ': ' ~ visited ~ ', ' ~ waiting }}", "ann LEE: 5 January 2026, 3126.50"),
    ("{{ 'A' if waiting > 3000 else 'B' }}", "A"),
    ("{% if waiting == 3126.5 %}yes{% else %}no{% endif %}", "yes"),
    ("{% if 3000 < waiting <= 3126.5 %}yes{% else %}no{% endif %}", "yes"),
    ("{% if store in ['own', 'shared'] %}yes{% else %}no{% endif %}", "yes"),
    ("{% if store not in ['shared'] and lead %}yes{% else %}no{% endif %}", "yes"),
    ("{% if store != 'own' or annex %}yes{% else %}no{% endif %}", "no"),
    ("{% if visited < sent_date %}yes{% else %}no{% endif %}", "yes"),
    ("{% if annex is defined %}yes{% else %}no{% endif %}", "no"),
    ("{% if annex is none and lead is not none %}yes{% else %}no{% endif %}", "yes"),
    ("{% if checked %}yes{% elif store == 'own' %}elif{% endif %}", "elif"),
    ("{% set who = lead | upper %}{{ who }}!", "ANN LEE!"),
    ("{% for x in [lead, store] %}{{ loop.index }}{{ x }}{% if not loop.last %}, {% endif %}"
     "{% endfor %}", "1ann LEE, 2own"),
    ("{% for x in [lead, annex] if x %}{{ x }}{% else %}nobody{% endfor %}", "ann LEE"),
    ("{% for x in annex %}{{ x }}{% else %}nobody{% endfor %}", "nobody"),
    ("{% for x in [lead] %}{% for y in [x, store] %}{{ y }} {% endfor %}{% endfor %}",
     "ann LEE own"),
    ("{# a note #}text", "text"),
    ("{% raw %}{{ lead }}{% endraw %}", "{{ lead }}"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), EXPRESSIONS)
def test_expressions(tmp_path: Path, source: str, expected: str) -> None:
    assert words(body_of(tmp_path, source, VALUES)) == [expected]


def test_nought_is_a_value(tmp_path: Path) -> None:
    source = "{{ waiting | default('none') }}{% if waiting is none %}!{% endif %}"
    assert words(body_of(tmp_path, source, {"waiting": Decimal(0)})) == ["0"]


def test_a_conditional_paragraph_leaves_no_gap(tmp_path: Path) -> None:
    source = "One.\n\n{% if annex %}\nTwo.\n{% endif %}\n\nThree."
    assert words(body_of(tmp_path, source)) == ["One.", "Three."]
    assert words(body_of(tmp_path, source, {"annex": "x"})) == ["One.", "Two.", "Three."]


def test_one_wording_sets_many_letters(tmp_path: Path) -> None:
    wording = a_wording(tmp_path, "To {{ lead }}.{% if annex %} See {{ annex }}.{% endif %}")
    letters = [a_letter({"lead": str(n), "annex": "A" if n % 2 else None}) for n in range(20)]
    bodies = [typeset(letter, wording).slots["letter_body"] for letter in letters]
    assert [words(body)[0] for body in bodies] == [
        f"To {n}." + (" See A." if n % 2 else "") for n in range(20)
    ]
    assert not any(isinstance(i, Gap) for body in bodies for i in inlines(body[0]))
