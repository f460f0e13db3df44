"""YAML: text as written, each value where it stands."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.errors import Problem
from letters.sources.yamls import Node, read_yaml


def read(tmp_path: Path, text: str) -> Node:
    (tmp_path / "some.yaml").write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    node = read_yaml(tmp_path / "some.yaml", tmp_path, problems)
    assert problems == []
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("012", "012"),
        ("1.10", "1.10"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("12:30:45", "12:30:45"),
        ("2017-10-02", "2017-10-02"),
        ("07802 948502", "07802 948502"),
        ("'null'", "null"),
        ('"~"', "~"),
        ("", ""),
        ("''", ""),
        ("Fire & Rescue", "Fire & Rescue"),
        ("# nothing but a comment", ""),
        ("tŷ dŵr", "tŷ dŵr"),
        ("|\n  one\n  two", "one\ntwo\n"),
        (">-\n  one\n  two", "one two"),
    ],
)
def test_text_stays_as_written(tmp_path: Path, written: str, text: str) -> None:
    assert read(tmp_path, f"key: {written}\n").entries["key"].value == text


def test_every_value_and_key_has_its_line_and_path(tmp_path: Path) -> None:
    node = read(tmp_path, "# note\nkent:\n  people:\n    - name: Ann\n    - Ben\n")
    people = node.entries["kent"].entries["people"]
    assert str(node.keys["kent"]) == "some.yaml:2"
    assert str(people.items[0].entries["name"].place) == "some.yaml:4 kent.people.name"
    assert str(people.items[1].place) == "some.yaml:5 kent.people"


@pytest.mark.parametrize("sign", ["|", "|-", ">", ">-"])
def test_a_block_text_stands_where_its_first_line_does(tmp_path: Path, sign: str) -> None:
    assert read(tmp_path, f"a: b\nkey: {sign}\n  one\n").entries["key"].place.line == 3


def test_a_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    (tmp_path / "some.yaml").write_bytes("\ufeffa: b\r\nc: d\r\n".encode())
    node = read_yaml(tmp_path / "some.yaml", tmp_path, [])
    assert node is not None
    assert {key: each.text for key, each in node.entries.items()} == {"a": "b", "c": "d"}


def test_a_node_is_one_of_text_list_and_mapping(tmp_path: Path) -> None:
    node = read(tmp_path, "list: [a]\ntext: a\n")
    assert (node.text, node.items, list(node.entries)) == (None, (), ["list", "text"])
    assert (node.entries["list"].text, node.entries["list"].entries) == (None, {})
    assert (node.entries["text"].items, node.entries["text"].entries) == ((), {})


def test_a_missing_file_is_a_problem(tmp_path: Path) -> None:
    problems: list[Problem] = []
    assert read_yaml(tmp_path / "none.yaml", tmp_path, problems) is None
    assert [str(problem) for problem in problems] == [
        "none.yaml: There is no such file. Create it, or correct the name that leads here."
    ]


PARTS = [
    *(
        "key: value\n",
        "other: 'it''s'\n",
        '  inner: "a\\n"\n',
        "- one\n",
        "- two: 2\n",
        "  - three\n",
    ),
    *(
        "text: |\n  line\n",
        ">-\n",
        "[a, b]\n",
        "{c: d}\n",
        "# note\n",
        " # note\n",
        "---\nkey: a\n",
    ),
    *(
        ": ",
        "'",
        '"',
        "#",
        "&a ",
        "*a\n",
        "!a ",
        "\t",
        "? ",
        "%",
        "\n",
        "  ",
        "~\n",
        "\\q",
        "é",
        "<<: a\n",
    ),
]


@given(st.lists(st.sampled_from(PARTS), max_size=10).map("".join))
@settings(max_examples=500, deadline=None, derandomize=True)
def test_a_file_says_the_same_to_the_fast_reader(text: str) -> None:
    """What libyaml reads, PyYAML's own reader reads alike; all else is left to the latter."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "some.yaml"
        path.write_text(text, encoding="utf-8")
        fast: list[Problem] = []
        slow: list[Problem] = []
        read_fast = read_yaml(path, path.parent, fast)
        read_slow = read_yaml(path, path.parent, slow, fast=False)
    assert (read_fast, fast) == (read_slow, slow)
