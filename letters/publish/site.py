"""A publication's files: pages, letters, data, archive and manifest, in memory."""

from __future__ import annotations

from collections.abc import Mapping

from letters.publish.assessments import ARCHIVE, CSV_FILE, JSON_FILE, archive, csv_file, json_file
from letters.publish.facts import Facts, PublishedLetter
from letters.publish.manifest import with_manifest
from letters.publish.pages import Article, letter_page, shared_pages, withdrawn_page

LETTERS = "letters/"


def letter_pages(facts: Facts, articles: Mapping[str, Article]) -> dict[str, bytes]:
    """The page of every letter, by path; a withdrawn one's says so."""
    return {
        page_path(letter): withdrawn_page(facts, letter)
        if letter.withdrawn
        else letter_page(facts, letter, articles[letter.id])
        for letter in facts.letters
    }


def site_files(
    facts: Facts, pages: Mapping[str, bytes], files: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Every file of the site by path, the manifest over all of them.

    `pages` are those of the letters, `files` the downloads, in which letters stand in `letters/`.
    """
    downloads = {name: content for name, content in files.items() if name.startswith(LETTERS)}
    data = {
        CSV_FILE: csv_file(facts),
        JSON_FILE: json_file(facts),
        ARCHIVE: archive({name.removeprefix(LETTERS): downloads[name] for name in downloads}),
    }
    sizes = {name: len(content) for name, content in data.items()}
    shared = shared_pages(facts, sizes)
    return with_manifest({**files, **pages, **data, **shared}, facts)


def page_path(letter: PublishedLetter) -> str:
    """Where a letter's page stands."""
    return f"{LETTERS}{letter.id}.html"
