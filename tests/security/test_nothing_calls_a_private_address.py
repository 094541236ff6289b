"""Outbound HTTP reaches public addresses only, whatever form an address is given in (SSRF)."""

import http.server
import threading

import pytest

from practice import outbound
from practice.outbound import Refused, call, is_public, judge

PRIVATE = (
    "http://127.0.0.1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/",
    "http://0x7f.0.0.1/", "http://127.0.0.1.nip.example/", "http://localhost/", "http://LOCALHOST/",
    "http://0.0.0.0/", "http://0/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/", "http://[0:0:0:0:0:ffff:7f00:0001]/", "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/", "http://[fe80::1]/", "http://[fc00::1]/", "http://[ff02::1]/",
    "http://10.0.0.1/", "http://172.16.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
    "http://100.64.0.1/", "http://198.18.0.1/", "http://192.0.2.1/", "http://224.0.0.1/", "http://255.255.255.255/",
    "http://240.0.0.1/", "http://user@127.0.0.1/", "http://93.184.216.34@127.0.0.1/", "http://93.184.216.34:22/",
    "http://93.184.216.34:8080/", "https://93.184.216.34:80443/", "ftp://93.184.216.34/", "file:///etc/passwd",
    "gopher://93.184.216.34/", "http://", "http:///x", "//93.184.216.34/", "http://exa mple/", "http://a\r\nb/",
    "http://93.184.216.34\\@127.0.0.1/", "http://[::1", "javascript:alert(1)", "http://[::127.0.0.1]/",
)  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
def test_it_is_refused_in_every_form(url):
    names = {"127.0.0.1.nip.example": ["127.0.0.1"]}
    with pytest.raises(Refused):
        judge(url, resolver=lambda host, port: names.get(host) or outbound.resolve(host, port))


def test_one_private_address_among_public_ones_is_enough():
    with pytest.raises(Refused):
        judge("https://two.example/", resolver=lambda host, port: ["93.184.216.34", "10.0.0.7"])


def test_public_addresses_are_judged_by_their_ip():
    target = judge("https://clearinghouse.example/x?y=1", resolver=lambda host, port: ["93.184.216.34"])
    assert (target.ip, target.port, target.path) == ("93.184.216.34", 443, "/x?y=1")
    assert is_public("2606:2800:220:1:248:1893:25c8:1946")


class Trap(http.server.BaseHTTPRequestHandler):
    hits: list[str] = []

    def do_GET(self):
        Trap.hits.append(self.path)
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside")
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        if self.path == "/large":
            self.wfile.write(b"x" * 200_000)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def trap(monkeypatch):
    """A server on loopback that plays a public one: only its address and port are let through."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Trap)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Trap.hits = []
    monkeypatch.setattr(outbound, "PORTS", {"http": server.server_port})
    yield server
    server.shutdown()
    server.server_close()


def test_a_name_that_changes_its_address_is_asked_once(trap):
    asked = []

    def rebinding(host, port):
        asked.append(host)
        return ["93.184.216.34"] if len(asked) == 1 else ["127.0.0.1"]

    target = judge(f"http://rebind.example:{trap.server_port}/", resolver=rebinding)
    assert target.ip == "93.184.216.34"
    assert asked == ["rebind.example"]
    assert Trap.hits == []


def test_a_redirect_is_an_answer_and_a_large_body_is_refused(trap, monkeypatch):
    monkeypatch.setattr(outbound, "is_public", lambda address: True)
    base = f"http://trap.example:{trap.server_port}"
    resolver = lambda host, port: ["127.0.0.1"]  # noqa: E731
    assert call(f"{base}/away", resolver=resolver).status == 302
    with pytest.raises(Refused, match="larger"):
        call(f"{base}/large", resolver=resolver)
    assert Trap.hits == ["/away", "/large"]


def test_nothing_private_ever_reached_the_trap(trap):
    for url in (f"http://127.0.0.1:{trap.server_port}/", f"http://localhost:{trap.server_port}/"):
        with pytest.raises(Refused):
            call(url)
    assert Trap.hits == []
