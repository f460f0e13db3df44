"""Whatever is done to a finished file, its judges answer with findings, and never with a crash."""

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pikepdf import ObjectStreamMode, Pdf, StreamDecodeLevel

from letters.validators import Expected, Finding, validate
from letters.validators.pdf.drawn import drawn_findings
from letters.validators.same_words import compare_formats
from tests.broken_files.case import STRUCTURES
from tests.builders import unzipped, zipped
from tests.render.documents import a_document

EMPTY = a_document()
SNIPPETS = (b"", b"-1", b"99999999", b" null ", b"/X", b"<", b">>", b"[", b")", b"\xff\xfe", b"\0")
few = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
changes = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 30), st.sampled_from(SNIPPETS)),
    min_size=1,
    max_size=5,
)


def opened(pdf: bytes) -> bytes:
    """The same PDF with its content in plain sight, where a change meets more than a checksum."""
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(pdf)) as file:
        file.save(
            out,
            compress_streams=False,
            stream_decode_level=StreamDecodeLevel.generalized,
            object_stream_mode=ObjectStreamMode.disable,
        )
    return out.getvalue()


def mutated(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    """`content` with a stretch here and there left out or replaced."""
    for where, length, instead in changes:
        at = int(where * len(content))
        content = content[:at] + instead + content[at + length :]
    return content


@pytest.fixture(scope="module")
def files(example_out: Path) -> dict[str, bytes]:
    suffixes = (".docx", ".html", ".pdf")
    found = {s: (example_out / f"letters/{STRUCTURES}{s}").read_bytes() for s in suffixes}
    return {**found, ".pdf": opened(found[".pdf"])}


def judged(files: dict[str, bytes], suffix: str, content: bytes) -> None:
    """Judge a file alone, and beside the letter's others."""
    changed = {f"letter{each}": file for each, file in files.items()} | {f"letter{suffix}": content}
    findings = validate(f"letter{suffix}", content)
    assert all(isinstance(finding, Finding) and finding.what for finding in findings)
    assert set(compare_formats(changed)) <= set(changed)
    if suffix == ".pdf":
        assert all(finding.what for finding in drawn_findings(content))
        against = validate("letter.pdf", content, letter=Expected(EMPTY, ()))
        assert all(finding.what for finding in against)


@few
@given(changes=changes, suffix=st.sampled_from([".pdf", ".html", ".docx"]))
def test_a_file_with_bytes_changed(
    files: dict[str, bytes], changes: list[tuple[float, int, bytes]], suffix: str
) -> None:
    judged(files, suffix, mutated(files[suffix], changes))


@few
@given(changes=changes, part=st.integers(0, 99))
def test_a_word_letter_with_a_part_changed(
    files: dict[str, bytes], changes: list[tuple[float, int, bytes]], part: int
) -> None:
    parts = unzipped(files[".docx"])
    name = sorted(parts)[part % len(parts)]
    judged(files, ".docx", zipped({**parts, name: mutated(parts[name], changes)}))
