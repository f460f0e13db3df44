"""Nothing of a round is public one second before its time in London, summer time or not."""

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from letters import Project
from letters.errors import ProblemsFound, Refused
from letters.gate.letters import embargo_problems, is_over, time_problems
from letters.project.values import read_moment, written_moment
from tests.builders import approve, changed, contents, shown
from tests.rounds.found_property import ROUND, a_publishable, out_of, published, site_of

SECOND = timedelta(seconds=1)
IN_FORCE = (
    "rounds/2026-found-property/round.yaml:7 published: The embargo ends on {ends}; it is {now} "
    "now. Publish after that; 'letters publish --stage' prepares the files meanwhile."
)


def at(text: str) -> str:
    return changed(ROUND, "9 March 2026 at 09:30", text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("5 October 2017 at 00:01", datetime(2017, 10, 4, 23, 1, tzinfo=UTC)),
        ("5 October 2017, 00:01", datetime(2017, 10, 4, 23, 1, tzinfo=UTC)),
        ("Thursday 5 October 2017 at 9.30", datetime(2017, 10, 5, 8, 30, tzinfo=UTC)),
        ("2017-12-05 00:01", datetime(2017, 12, 5, 0, 1, tzinfo=UTC)),
        ("2017-12-05T23:59", datetime(2017, 12, 5, 23, 59, tzinfo=UTC)),
        ("5 October 2017", datetime(2017, 10, 4, 23, 0, tzinfo=UTC)),
        ("31 March 2019 at 00:59", datetime(2019, 3, 31, 0, 59, tzinfo=UTC)),
        ("31 March 2019 at 02:00", datetime(2019, 3, 31, 1, 0, tzinfo=UTC)),
        ("27 October 2019 at 00:59", datetime(2019, 10, 26, 23, 59, tzinfo=UTC)),
        ("27 October 2019 at 02:00", datetime(2019, 10, 27, 2, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_london(text: str, moment: datetime) -> None:
    assert read_moment(text) == moment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "31 March 2019 at 01:30",
            "'31 March 2019 at 01:30' does not exist: the clock is changed that night. "
            "Choose a time before 01:00 or after 02:00.",
        ),
        (
            "27 October 2019 at 01:30",
            "'27 October 2019 at 01:30' comes twice: the clock is changed that night. "
            "Choose a time before 01:00 or after 02:00.",
        ),
        (
            "5 October 2017 at 24:00",
            "'24:00' in '5 October 2017 at 24:00' is not a time of day. "
            "Write it like 5 October 2017 at 00:01.",
        ),
        (
            "05/10/2017 at 00:01",
            "'05/10/2017' can mean 5 October 2017 or 10 May 2017. Write 2017-10-05 or 2017-05-10.",
        ),
        ("soon", "'soon' is not a date. Write it like 2 October 2017 or 2017-10-02."),
    ],
)
def test_what_is_no_moment_in_london_is_refused(text: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        read_moment(text)
    assert str(refused.value) == said


@pytest.mark.parametrize(
    ("text", "ends", "before"),
    [
        ("9 March 2026 at 09:30", "9 March 2026 at 09:30", "9 March 2026 at 09:29"),
        # The clock goes forward at 01:00 on 29 March 2026, and back on 25 October.
        ("29 March 2026 at 00:30", "29 March 2026 at 00:30", "29 March 2026 at 00:29"),
        ("29 March 2026 at 02:00", "29 March 2026 at 02:00", "29 March 2026 at 00:59"),
        ("30 March 2026 at 00:01", "30 March 2026 at 00:01", "30 March 2026 at 00:00"),
        ("25 October 2026 at 02:00", "25 October 2026 at 02:00", "25 October 2026 at 01:59"),
        ("26 October 2026 at 00:01", "26 October 2026 at 00:01", "26 October 2026 at 00:00"),
    ],
)
def test_one_second_before_and_at_the_time(
    tmp_path: Path, text: str, ends: str, before: str
) -> None:
    round_ = Project.load(a_publishable(tmp_path, round=at(text))).round()
    moment = round_.round.published
    assert moment
    earlier = (moment.astimezone(UTC) - SECOND).astimezone(timezone(timedelta(hours=-7)))
    later = moment.astimezone(UTC).astimezone(ZoneInfo("Asia/Tokyo"))
    assert not is_over(round_, earlier)
    (problem,) = embargo_problems(round_, earlier)
    assert str(problem) == IN_FORCE.format(ends=ends, now=before)
    assert is_over(round_, later)
    assert embargo_problems(round_, later) == ()
    assert written_moment(later) == ends


def test_a_moment_without_time_zone_is_no_moment(tmp_path: Path) -> None:
    round_ = Project.load(a_publishable(tmp_path)).round()
    with pytest.raises(ValueError, match="now has no time zone"):
        embargo_problems(round_, datetime(2026, 3, 9, 10, 0))


def test_nothing_is_in_the_public_folder_before_and_everything_after(tmp_path: Path) -> None:
    approve(a_publishable(tmp_path, round=at("30 March 2026 at 00:01")))
    moment = datetime(2026, 3, 29, 23, 1, tzinfo=UTC)  # an hour behind: summer time
    with pytest.raises(ProblemsFound) as refused:
        published(tmp_path, now=moment - SECOND)
    said = IN_FORCE.format(ends="30 March 2026 at 00:01", now="30 March 2026 at 00:00")
    assert str(refused.value) == said
    assert shown(tmp_path / "out") == {}
    published(tmp_path, now=moment)
    assert len(contents(site_of(tmp_path))) == 19


def test_staged_files_are_put_in_place_byte_for_byte(tmp_path: Path) -> None:
    approve(a_publishable(tmp_path))
    early = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
    staged = published(tmp_path, now=early, stage=True)
    assert staged.folder == out_of(tmp_path) / "staged"
    before = contents(staged.folder)
    assert not site_of(tmp_path).exists()
    with pytest.raises(ProblemsFound, match="The embargo ends on 9 March 2026 at 09:30"):
        published(tmp_path, now=early)
    assert not site_of(tmp_path).exists()
    published(tmp_path)
    assert contents(site_of(tmp_path)) == before
    assert sorted(path.name for path in out_of(tmp_path).iterdir()) == [".editions", "site"]


def test_a_round_without_a_time_is_not_even_staged(tmp_path: Path) -> None:
    text = changed(ROUND, "published: 9 March 2026 at 09:30\n", "")
    approve(a_publishable(tmp_path, round=text))
    with pytest.raises(ProblemsFound) as refused:
        published(tmp_path, stage=True)
    assert str(refused.value) == (
        "rounds/2026-found-property/round.yaml published: The round does not say when it is "
        "published. Write 'published: 5 October 2017 at 00:01'."
    )


@pytest.mark.parametrize(
    ("key", "day", "said"),
    [
        (
            "sent",
            "10 March 2026",
            "The letters are dated 10 March 2026, and are published before, on 9 March 2026 at"
            " 09:30. Correct the date that is wrong.",
        ),
        (
            "updated",
            "8 March 2026",
            "The letters were changed on 8 March 2026, and are published after, on 9 March 2026 at"
            " 09:30. Correct the date that is wrong.",
        ),
        ("sent", "9 March 2026", ""),
        ("updated", "9 March 2026", ""),
    ],
)
def test_dates_are_in_order(key: str, day: str, said: str, tmp_path: Path) -> None:
    text = re.sub(rf"(?m)^{key}: .*\n", "", ROUND)
    root = a_publishable(tmp_path, round=f"{text.rstrip()}\n{key}: {day}\n")
    found = time_problems(Project.load(root).round())
    place = f"rounds/2026-found-property/round.yaml:{text.rstrip().count(chr(10)) + 2} {key}: "
    assert [str(each) for each in found] == ([place + said] if said else [])


def test_what_was_staged_is_not_published_once_the_round_has_changed(tmp_path: Path) -> None:
    approve(a_publishable(tmp_path))
    published(tmp_path, stage=True)
    path = tmp_path / "rounds/2026-found-property/round.yaml"
    path.write_text(changed(path.read_text("utf-8"), "Found property", "Things found"), "utf-8")
    with pytest.raises(ProblemsFound) as refused:
        published(tmp_path)
    assert str(refused.value) == (
        "out/2026-found-property/staged: The round has changed since it was staged. "
        "Stage it again: letters publish --stage."
    )
    assert not site_of(tmp_path).exists()


def test_staged_files_that_somebody_changed_are_not_published(tmp_path: Path) -> None:
    approve(a_publishable(tmp_path))
    published(tmp_path, stage=True)
    (out_of(tmp_path) / "staged/index.html").write_text("Sold", "utf-8")
    with pytest.raises(ProblemsFound) as refused:
        published(tmp_path)
    assert str(refused.value) == (
        "out/2026-found-property/staged: The staged files are not as they were staged. "
        "Stage it again: letters publish --stage."
    )
