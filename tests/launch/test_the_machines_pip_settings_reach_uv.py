from practice.launch.index_settings import for_uv, read_pip

LISTING = """\
:env:.cert='/etc/ssl/env.crt'
:env:.default-timeout='180'
global.cert='/etc/ssl/global.crt'
global.extra-index-url='https://one.example/simple https://two.example/simple'
global.index-url='https://main.example/simple'
install.find-links='/a /b'
"""


def test_each_setting_has_its_variable():
    assert for_uv(read_pip(LISTING), surroundings={}) == {
        "UV_DEFAULT_INDEX": "https://main.example/simple",
        "UV_INDEX": "https://one.example/simple https://two.example/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_FIND_LINKS": "/a,/b",
        "UV_HTTP_TIMEOUT": "180",
        "SSL_CERT_FILE": "/etc/ssl/env.crt",
    }


def test_what_is_already_said_to_uv_is_left_alone():
    found = for_uv(read_pip(LISTING), surroundings={"UV_INDEX_URL": "x", "UV_FIND_LINKS": "y"})

    assert "UV_DEFAULT_INDEX" not in found
    assert "UV_FIND_LINKS" not in found


def test_a_machine_without_settings_changes_nothing():
    assert for_uv(read_pip(""), surroundings={}) == {}


def test_an_offline_machine_stays_offline():
    assert for_uv(read_pip("global.no-index='true'"), surroundings={}) == {"UV_NO_INDEX": "1"}
