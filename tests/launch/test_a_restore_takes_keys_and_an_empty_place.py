"""`./run restore`: where the keys come from, and what is refused before anything is started."""

import json
from dataclasses import asdict

import pytest

from practice.launch import credentials, restore
from practice.launch.console import LaunchError
from practice.launch.paths import State


@pytest.fixture
def source(tmp_path, monkeypatch):
    for variable in restore.KEYS:
        monkeypatch.delenv(variable, raising=False)
    (tmp_path / "source").mkdir()
    return State(mode="dev", root=tmp_path / "source")


def test_the_keys_are_the_data_directorys_and_its_passwords_are_not_taken(source):
    kept = asdict(credentials.load(source.secrets_file))
    found = restore.keys(source)
    assert found["file_keys"] == kept["file_keys"]
    assert found["backup_key"] == kept["backup_key"]
    assert not [name for name in found if name.endswith("_password")]


def test_a_key_in_the_environment_goes_first(source, monkeypatch):
    credentials.load(source.secrets_file)
    monkeypatch.setenv("BACKUP_KEY", "another")
    assert restore.keys(source)["backup_key"] == "another"


def test_missing_keys_are_named(source, monkeypatch):
    monkeypatch.setenv("PHI_KEYS", "x")
    with pytest.raises(LaunchError, match="Set INDEX_KEY, FILE_KEYS, BACKUP_KEY"):
        restore.keys(source)


def test_a_directory_that_is_not_empty_is_left_alone(source, tmp_path):
    credentials.load(source.secrets_file)
    place = tmp_path / "place"
    place.mkdir()
    (place / "mine").write_text("words")
    with pytest.raises(LaunchError, match="not empty"):
        restore.into(tmp_path / "file", root=place, source=source)
    assert [path.name for path in place.iterdir()] == ["mine"]


def test_a_file_that_is_not_there_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("WELLRUN_CWD", str(tmp_path))
    with pytest.raises(LaunchError, match="There is no file"):
        restore.main(["gone.wellrun-backup", "--drill"])


def test_secrets_from_before_backups_get_a_key_and_keep_the_rest(source):
    before = asdict(credentials.load(source.secrets_file))
    old = {name: value for name, value in before.items() if name != "backup_key"}
    source.secrets_file.write_text(json.dumps(old))
    first = asdict(credentials.load(source.secrets_file))
    assert {name: first[name] for name in old} == old
    assert first["backup_key"] != before["backup_key"]
    assert asdict(credentials.load(source.secrets_file)) == first
