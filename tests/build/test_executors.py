"""However many processes make the letters, and wherever: the same files, byte for byte."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import dask
import pytest
from distributed import Client, Future, LocalCluster

from letters import BuildOptions, Project, UsageError, build_round
from letters.build.cluster import DaskExecutor, answers, packed
from letters.build.executors import LetterBuilderFactory
from letters.build.letter import Answer, LetterBuilder, Task
from letters.build.options import LIMIT, CheckTask
from letters.build.processes import ProcessExecutor
from letters.build.record import LocalFolder
from letters.files import digest
from letters.new import new_project
from letters.render.pdf.reuse import PLAIN
from tests.build.endless import hung_at

ROUND = "first-round"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("same") / "project"
    new_project(folder)
    return Project.load(folder)


@pytest.fixture(scope="module")
def expected(project: Project) -> dict[str, str]:
    """What this process makes, alone."""
    return digests(project, project.root / "alone")


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """A scheduler and two workers."""
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2,
        threads_per_worker=1,
        processes=False,
        dashboard_address=":0",
        protocol="inproc://",
    ) as cluster:
        yield cluster


def digests(project: Project, out: Path, cluster: str = "", jobs: int = 1) -> dict[str, str]:
    """Digests of all that a build writes, `build.json` included."""
    build_round(project, project.round(ROUND), BuildOptions(out=out, cluster=cluster, jobs=jobs))
    files = [path for path in sorted(out.rglob("[!.]*")) if path.is_file()]
    assert len(files) == 7
    return {path.relative_to(out).as_posix(): digest(path.read_bytes()) for path in files}


def always_processes(
    factory: LetterBuilderFactory, jobs: int, limit: float, _count: int, **_: bool
) -> ProcessExecutor[Task, Answer]:
    """What a build works with in processes, even for few letters."""
    return ProcessExecutor(factory, jobs, limit)


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_jobs(
    jobs: int,
    project: Project,
    expected: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("letters.build.round.local_executor", always_processes)
    assert digests(project, tmp_path / "out", jobs=jobs) == expected


def test_plain(
    project: Project,
    expected: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PLAIN, "1")
    assert digests(project, tmp_path / "out") == expected


def test_a_cluster(
    project: Project, expected: dict[str, str], tmp_path: Path, cluster: LocalCluster
) -> None:
    address = cluster.scheduler_address
    assert digests(project, tmp_path / "out", cluster=address) == expected


def test_a_cluster_that_writes_to_an_address(
    project: Project, expected: dict[str, str], tmp_path: Path, cluster: LocalCluster
) -> None:
    out = tmp_path / "far"
    options = BuildOptions(out=out.as_uri(), cluster=cluster.scheduler_address)
    build_round(project, project.round(ROUND), options)
    found = {name: digest((out / name).read_bytes()) for name in expected}
    assert found == expected
    again = build_round(project, project.round(ROUND), options)
    assert [letter.state for letter in again] == ["unchanged", "unchanged", "awaiting"]


def test_a_letter_that_never_ends_costs_a_cluster_that_letter(
    project: Project, tmp_path: Path, cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LetterBuilder, "make", hung_at("ashmere"))
    options = BuildOptions(out=tmp_path, cluster=cluster.scheduler_address, limit=90)
    made = build_round(project, project.round(ROUND), options)
    assert [letter.state for letter in made] == ["failed", "draft", "awaiting"]
    assert made[0].problem == (
        "This letter took longer than 90 seconds and was skipped. Build it by itself: "
        "letters build ashmere."
    )


def test_a_letter_that_ends_its_worker_costs_a_cluster_that_letter(
    project: Project, expected: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = partial(DaskExecutor, bundle=2)
    monkeypatch.setattr("letters.build.cluster.DaskExecutor", together)
    workers = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": ":0"}
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        LocalCluster(**workers, preload=["tests.build.deadly"]) as cluster,  # type: ignore[no-untyped-call]
    ):
        options = BuildOptions(out=tmp_path, cluster=cluster.scheduler_address)
        made = build_round(project, project.round(ROUND), options)
    assert [letter.state for letter in made] == ["failed", "draft", "awaiting"]  # sent together
    assert made[0].problem == (
        "This letter could not be made by the cluster (KilledWorker) and was skipped."
        " Build it by itself: letters build ashmere."
    )
    name = "letters/dunhollow.pdf"
    assert digest((tmp_path / name).read_bytes()) == expected[name]


def factory(project: Project, out: Path) -> LetterBuilderFactory:
    return LetterBuilderFactory(project.round(ROUND), LocalFolder(out))


def client_of(address: str) -> Client:
    return Client(address, set_as_default=False)  # type: ignore[no-untyped-call]


def forget_all(address: str) -> None:
    """Have a cluster lose what was sent to its workers."""
    with client_of(address) as client:
        keys = {key for held in client.has_what().values() for key in held}
        assert keys
        client.cancel([Future(key, client) for key in keys], force=True)


def test_what_a_cluster_forgot_is_sent_again(
    project: Project, tmp_path: Path, cluster: LocalCluster
) -> None:
    address = cluster.scheduler_address
    with DaskExecutor(address, factory(project, tmp_path), LIMIT) as executor:
        forget_all(address)
        assert list(executor.run([CheckTask(())])) == [()]


def test_a_cluster_whose_workers_are_gone_is_said_in_words(
    project: Project, tmp_path: Path, cluster: LocalCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(*_: object, **__: object) -> None:
        raise TimeoutError

    made = factory(project, tmp_path)
    with DaskExecutor(cluster.scheduler_address, made, LIMIT) as executor:
        forget_all(cluster.scheduler_address)
        monkeypatch.setattr("distributed.Client.scatter", nobody)
        with pytest.raises(UsageError, match="All workers of the Dask cluster are gone"):
            list(executor.run([CheckTask(())]))


def test_a_worker_with_other_versions_is_refused(
    project: Project, tmp_path: Path, cluster: LocalCluster
) -> None:
    made = factory(project, tmp_path)
    with (
        pytest.raises(UsageError, match="has other versions of letters"),
        DaskExecutor(cluster.scheduler_address, made, LIMIT, versions="others"),
    ):
        pass


def test_a_worker_with_other_versions_that_comes_later_is_refused(
    project: Project, tmp_path: Path, cluster: LocalCluster
) -> None:
    other = packed(factory(project, tmp_path), LIMIT, "others")
    with client_of(cluster.scheduler_address) as client:
        sent = client.submit(answers, ((),), other)
        with pytest.raises(UsageError, match=r"The worker at \S+ has other versions of letters"):
            sent.result()


@pytest.mark.parametrize("address", ["nonsense", "127.0.0.1", "http://127.0.0.1:8786", "tcp://a"])
def test_what_is_no_address_is_said_in_words(
    address: str, project: Project, tmp_path: Path
) -> None:
    with (
        pytest.raises(UsageError, match=f"'{address}' is not the address of a Dask scheduler"),
        DaskExecutor(address, factory(project, tmp_path), LIMIT),
    ):
        pass


def test_no_scheduler_is_said_in_words(project: Project, tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match=r"No Dask scheduler answers at 'tcp://127\.0\.0\.1:9'"),
        DaskExecutor("tcp://127.0.0.1:9", factory(project, tmp_path), LIMIT, patience=0.5),
    ):
        pass


def test_a_parcel_needs_no_folder_of_this_machine(project: Project, tmp_path: Path) -> None:
    parcel = packed(factory(project, tmp_path), LIMIT, "ours")
    sent = parcel.factory.project_round
    assert (sent.root, sent.folder) == (Path(), Path())
    assert parcel == packed(factory(project, tmp_path), LIMIT, "ours")
