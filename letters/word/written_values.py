"""One value of a CSV or YAML file written anew, where it stands: no other byte changes."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from letters.errors import Place, Refused
from letters.sources.tables import column_name, plain_lines
from letters.word.alignment import aligned, common_ends


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A value of a file's text: what it says, where it stands with its quotes, how it is written.

    `style` is "" for plain, or the sign it begins with: a quotation mark, `|` or `>`.
    """

    text: str
    start: int
    end: int
    style: str


def csv_values(source: str) -> Iterator[tuple[int, list[WrittenValue]]]:
    """The records of a CSV file, each with the line it begins on and where its values stand."""
    at, line = int(source.startswith("\ufeff")), 1
    while at < len(source):
        begun, record = line, []
        while True:
            found = _CSV_VALUE.match(source, at)
            assert found is not None  # noqa: S101  (it matches nothing, too)
            raw = found[0]
            quoted = raw.startswith('"')
            inner = raw[1:-1].replace('""', '"') if quoted else raw
            record.append(WrittenValue(plain_lines(inner), at, found.end(), '"' if quoted else ""))
            line += plain_lines(raw).count("\n")
            at = found.end()
            if source[at : at + 1] != ",":
                break
            at += 1
        yield begun, record
        ended = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)").match(source, at)
        at = ended.end() if ended else len(source)
        line += 1


_CSV_VALUE = re.compile(r'"(?:[^"]|"")*"|[^,\r\n]*')


def set_csv(content: bytes, place: Place, column: str, key: str, new: str) -> bytes:
    """A CSV file with another value in the record at `place`, under the header `column`.

    `key` is the header that every such file has. Raises Refused where it cannot hold the value.
    """
    encoding, source = _decoded(content)
    value = _csv_value(source, place.line, column, key)
    raw = source[value.start : value.end]
    text = new.replace("\n", "\r\n") if "\r\n" in raw else new
    needs_quotes = value.style or any(sign in text for sign in ',"\r\n')
    if needs_quotes:
        text = '"' + text.replace('"', '""') + '"'
    return _encoded(source[: value.start] + text + source[value.end :], encoding, content)


def csv_text(content: bytes, place: Place, column: str, key: str) -> str:
    """What a CSV file holds there."""
    return _csv_value(_decoded(content)[1], place.line, column, key).text


def _csv_value(source: str, line: int, column: str, key: str) -> WrittenValue:
    records = list(csv_values(source))
    heads = ([column_name(each.text) for each in values] for _, values in records)
    header = next((names for names in heads if key in names), [])
    found = next((values for begun, values in records if begun == line), [])
    if column not in header or len(found) <= header.index(column):
        raise Refused(f"The record has no value '{column}'.", "Change it by hand.")
    return found[header.index(column)]


def _decoded(content: bytes) -> tuple[str, str]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", content.decode("utf-16")
    try:
        return "utf-8", content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252", content.decode("cp1252")


def _encoded(text: str, encoding: str, before: bytes) -> bytes:
    try:
        if encoding == "utf-16":
            is_little = before.startswith(codecs.BOM_UTF16_LE)
            return before[:2] + text.encode("utf-16-le" if is_little else "utf-16-be")
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        what = f"The file's encoding has no '{text[error.start]}'."
        raise Refused(what, "Save it as 'CSV UTF-8 (comma delimited)' first.") from error


def set_yaml(content: bytes, place: Place, key: str, new: str) -> bytes:
    """A YAML file with another text as the value of `key` at or under the line of `place`.

    Its quotes and line breaks stay where they can. Raises Refused where it cannot hold the value.
    """
    source = content.decode("utf-8")
    node = _yaml_node(source, place.line, key)
    for raw in _yaml_forms(source, node, new):
        changed = source[: node.start_mark.index] + raw + source[node.end_mark.index :]
        if _is_only_change(source, changed, node, new):
            return changed.encode("utf-8")
    raise Refused(f"YAML cannot hold the new value of '{key}' there.", "Change it by hand.")


def yaml_value(content: bytes, place: Place, key: str) -> str:
    """What a YAML file holds there."""
    return str(_yaml_node(content.decode("utf-8"), place.line, key).value)


def _yaml_node(source: str, line: int, key: str) -> yaml.ScalarNode:
    for mapping in _mappings(yaml.compose(source, Loader=yaml.SafeLoader)):
        for name, value in mapping.value:
            if not isinstance(value, yaml.ScalarNode) or name.value != key:
                continue
            first = value.start_mark.line + (2 if value.style in ("|", ">") else 1)
            if line in (first, mapping.start_mark.line + 1):
                return value
    raise Refused(f"'{key}' is not where it was read.", "Change it by hand.")


def _mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        for _, value in node.value:
            yield from _mappings(value)
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _mappings(each)


def _yaml_forms(source: str, node: yaml.ScalarNode, new: str) -> Iterator[str]:
    """How the new value may be written: in place first, then as a whole."""
    raw = source[node.start_mark.index : node.end_mark.index]
    head, tail = common_ends(node.value, new)
    places = aligned(node.value, raw, quote=node.style if node.style in ("'", '"') else "")
    gone, come = range(head, len(node.value) - tail), new[head : len(new) - tail]
    indent = " " * _indent(raw)
    for start, end in _spans(places, gone):
        for text in (
            come,
            come.replace("'", "''"),
            _escaped(come),
            come.replace("\n", "\n" + indent),
        ):
            yield raw[:start] + text + raw[end:]
    if node.style in ("|", ">"):
        ending = raw[len(raw.rstrip("\r\n")) :]
        lines = (f"{indent}{line}" if line else "" for line in new.rstrip("\n").split("\n"))
        yield raw[: raw.index("\n") + 1] + "\n".join(lines) + ending
    yield new
    yield f'"{_escaped(new)}"'


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def _indent(raw: str) -> int:
    lines = raw.split("\n")[1:]
    return next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), 2)


def _spans(places: list[tuple[int, int] | None], gone: range) -> Iterator[tuple[int, int]]:
    """Where in the source the characters stand that go; for none, where others may come in."""
    if gone:
        first, last = places[gone[0]], places[gone[-1]]
        if first and last:
            yield first[0], last[1]
        return
    if gone.start and (before := places[gone.start - 1]):
        yield before[1], before[1]
    if gone.start < len(places) and (after := places[gone.start]):
        yield after[0], after[0]


def _is_only_change(source: str, changed: str, node: yaml.ScalarNode, new: str) -> bool:
    try:
        before = list(_scalars(yaml.compose(source, Loader=yaml.SafeLoader)))
        after = list(_scalars(yaml.compose(changed, Loader=yaml.SafeLoader)))
    except (yaml.YAMLError, ValueError):
        return False
    at = next(n for n, (_, start) in enumerate(before) if start == node.start_mark.index)
    wanted = [text for text, _ in before]
    wanted[at] = new
    return [text for text, _ in after] == wanted


def _scalars(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.ScalarNode):
        yield node.value, node.start_mark.index
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            yield from _scalars(each)
    elif isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            yield from _scalars(name)
            yield from _scalars(value)
