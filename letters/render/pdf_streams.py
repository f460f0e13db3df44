"""Streams of a PDF, written so that every reader agrees where they end.

A stream that happens to end with a carriage return (one in 256) runs into the line feed before
`endstream`; some readers take the two for one line end and find the stream too short, which
PDF/A forbids (ISO 19005-2, 6.1.7.1).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pydyf

BEGINNING, ENDING = b"\nstream\n", b"\nendstream"
RETURN = b"\r" + ENDING


@contextmanager
def sound_streams() -> Iterator[None]:
    """While this lasts, no compressed stream of a PDF ends with a carriage return."""
    theirs = pydyf.Stream.data
    pydyf.Stream.data = property(lambda stream: lengthened(bytes(theirs.fget(stream))))
    try:
        yield
    finally:
        pydyf.Stream.data = theirs


def lengthened(stream: bytes) -> bytes:
    """A stream as written in a file, one byte longer if it ends with a carriage return.

    The byte stands after the end of the compressed content, where nobody reads on.
    """
    if not stream.endswith(RETURN) or b"/Filter" not in stream.partition(BEGINNING)[0]:
        return stream
    head, beginning, content = stream.removesuffix(ENDING).partition(BEGINNING)
    was, now = (b"/Length %d" % length for length in (len(content), len(content) + 1))
    return head.replace(was, now, 1) + beginning + content + b"\0" + ENDING
