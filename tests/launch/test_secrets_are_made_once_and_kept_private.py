import base64

import pytest
from cryptography.fernet import Fernet

from practice.launch import credentials
from practice.launch.console import LaunchError


def test_secrets_are_the_same_on_every_start(tmp_path):
    first = credentials.load(tmp_path / "secrets.json")

    assert credentials.load(tmp_path / "secrets.json") == first


def test_two_installations_share_no_secret(tmp_path):
    one, other = (credentials.load(tmp_path / name) for name in ("a.json", "b.json"))

    assert not set(vars(one).values()) & set(vars(other).values())


def test_only_the_owner_may_read_the_file(tmp_path):
    credentials.load(tmp_path / "secrets.json")

    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_the_data_keys_are_fernet_keys_and_the_index_key_is_32_bytes_of_hex(tmp_path):
    made = credentials.load(tmp_path / "secrets.json")

    assert Fernet(made.phi_keys).decrypt(Fernet(made.phi_keys).encrypt(b"x")) == b"x"
    assert len(base64.urlsafe_b64decode(made.file_keys)) == 32
    assert len(bytes.fromhex(made.index_key)) == 32


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"secret_key": "x"}'])
def test_a_damaged_file_is_reported_and_never_replaced(tmp_path, damage):
    path = tmp_path / "secrets.json"
    path.write_text(damage)

    with pytest.raises(LaunchError, match="restore it from a copy"):
        credentials.load(path)

    assert path.read_text() == damage
