import pytest

from practice.launch import gates
from practice.launch.console import LaunchError
from practice.launch.gates import Counts, Request

REPORT = """<testsuites><testsuite errors="1" failures="2" skipped="3" tests="10"/></testsuites>"""


def test_without_words_it_is_the_whole_suite():
    assert gates.parse([]).whole


def test_an_apps_name_stands_for_its_tests_and_the_rest_is_pytests():
    assert gates.parse(["launch", "-k", "cluster", "-x"]) == Request(
        words=["tests/launch", "-k", "cluster", "-x"]
    )


def test_a_path_is_kept_with_the_test_it_names():
    assert gates.parse(["tests/kit/test_x.py::test_y"]).words == ["tests/kit/test_x.py::test_y"]


def test_a_path_is_meant_from_where_the_person_stands(tmp_path, monkeypatch):
    (tmp_path / "test_mine.py").touch()
    monkeypatch.setenv("WELLRUN_CWD", str(tmp_path))

    assert gates.parse(["test_mine.py::test_x"]).words == [f"{tmp_path}/test_mine.py::test_x"]


@pytest.mark.parametrize("words", [["--deep", "money"], ["--deep=money"]])
def test_a_deep_run_has_a_name_and_is_not_the_whole_suite(words):
    request = gates.parse(words)

    assert request == Request(words=[], deep="money")
    assert not request.whole


def test_a_deep_run_without_a_name_is_refused():
    with pytest.raises(LaunchError, match="needs a name"):
        gates.parse(["--deep"])


def test_errors_count_as_failures(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)

    assert gates.read_report(report) == Counts(passed=4, failed=3, skipped=3)


def test_a_report_that_was_never_written_counts_nothing(tmp_path):
    assert gates.read_report(tmp_path / "none.xml") == Counts(passed=0, failed=0, skipped=0)
