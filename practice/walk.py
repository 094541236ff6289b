"""A browser without a screen, for `./run demo --check`: it signs in, reads pages, fills in the forms it finds there.

Each app tells its part of the main job in ``<app>/walk.py``::

    STEPS = (("Book a visit", book_a_visit),)

    def book_a_visit(walker: Walker) -> str:      # what happened, in words; raises WalkFailed
        ...

Steps run in ladder order and hand on what they made in ``walker.kept``.
"""

from __future__ import annotations

import http.cookiejar
import json
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from kit.ids import uuid7


class WalkFailed(Exception):
    """A step did not come out as its user would expect; the text says what was seen instead."""


@dataclass
class Form:
    """A form of a page: where it goes, and what it holds before anybody types."""

    action: str
    method: str = "get"
    fields: dict[str, list[str]] = field(default_factory=dict)
    words: str = ""


class _Forms(HTMLParser):
    """Collects forms with their values, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self._form: Form | None = None
        self._select = self._area = self._href = ""
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(action=given.get("action", ""), method=given.get("method", "get").lower())
            self.forms.append(self._form)
        elif tag == "a" and given.get("href"):
            self._href, self._text = given["href"], []
        elif self._form is not None:
            self._field(tag, given, fields=self._form.fields)

    def _field(self, tag: str, given: dict[str, str], *, fields: dict[str, list[str]]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in given or self._select not in fields):
            fields[self._select] = [given.get("value", "")]
        elif tag == "textarea":
            self._area = name
            fields[name] = [""]
        elif tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind in ("checkbox", "radio") and "checked" not in given:
                return
            fields.setdefault(name, []).append(given.get("value", ""))

    def handle_data(self, data: str) -> None:
        self._text.append(data)
        if self._form is not None:
            self._form.words += " " + data.strip()
        if self._form is not None and self._area:
            self._form.fields[self._area] = [(self._form.fields[self._area][0] + data).lstrip("\n")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""
        elif tag == "a" and self._href:
            self.links.append((self._href, " ".join("".join(self._text).split())))
            self._href = ""


@dataclass
class Page:
    """What came back."""

    status: int
    url: str
    content: bytes
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)

    def _parsed(self) -> _Forms:
        parser = _Forms()
        parser.feed(self.text)
        return parser

    def forms(self) -> list[Form]:
        """Every form, with what it holds."""
        return self._parsed().forms

    def form(self, *, action: str = "", words: str = "", field: str = "") -> Form:
        """The first form whose address contains ``action``, whose text ``words``, and that has the ``field``."""
        for found in self._parsed().forms:
            named = not field or field in found.fields
            if named and action in found.action and words.lower() in found.words.lower():
                return found
        raise WalkFailed(f"no form for “{action or words or field}” on {self.url}")

    def link(self, *, href: str = "", words: str = "") -> str:
        """The first link whose address matches the pattern and whose text contains the words."""
        for address, text in self._parsed().links:
            if re.search(href, address) and words.lower() in text.lower():
                return address
        raise WalkFailed(f"no link “{words or href}” on {self.url}")

    def expect(self, *words: str) -> Page:
        """Raise unless every one of these stands on the page."""
        for word in words:
            if word not in self.text:
                raise WalkFailed(f"“{word}” is not on {self.url} (status {self.status})")
        return self


class _NoRaise(urllib.request.HTTPErrorProcessor):
    """4xx and 5xx are answers too."""

    def http_response(self, request: Any, response: Any) -> Any:
        if response.status in (301, 302, 303, 307, 308):
            return super().http_response(request, response)
        return response

    https_response = http_response


@dataclass
class Walker:
    """Somebody using the product over HTTP, in one practice at a time."""

    base: str
    slug: str
    kept: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._fresh()

    def _fresh(self) -> None:
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar, _NoRaise)

    def request(
        self,
        path: str,
        *,
        data: bytes | None = None,
        headers: dict[str, str] | None = None,
        method: str | None = None,
    ) -> Page:
        """One request; redirects are followed."""
        address = urllib.parse.urljoin(self.base + "/", path)
        asked = urllib.request.Request(address, data=data, headers=headers or {}, method=method)  # noqa: S310
        with self._opener.open(asked, timeout=60) as answer:  # base is given by the launcher
            return Page(
                answer.status, answer.url, answer.read(), {k.lower(): v for k, v in answer.headers.items()}
            )

    def get(self, path: str, *, status: int = 200, headers: dict[str, str] | None = None) -> Page:
        """Open a page of the practice ("work/") or an absolute address; any other status is a failure."""
        return self._checked(self.request(self.at(path), headers=headers), status=status)

    def at(self, path: str) -> str:
        """The address of a page of the practice."""
        return path if path.startswith(("/", "http")) else f"/p/{self.slug}/{path}"

    def _checked(self, page: Page, *, status: int) -> Page:
        if page.status != status:
            words = re.sub(r"<[^>]+>|\s+", " ", page.text)
            said = re.search(r"There is a problem.{0,300}", words)
            raise WalkFailed(
                f"{page.url} answered {page.status}, not {status}. {said.group(0) if said else ''}"
            )
        return page

    def submit(
        self,
        page: Page,
        form: Form,
        *,
        status: int = 200,
        files: dict[str, tuple[str, bytes]] | None = None,
        **values: Any,
    ) -> Page:
        """Fill in a form of a page and send it; ``files`` holds a name and content for each file field."""
        fields = {
            **form.fields,
            **{name: value if isinstance(value, list) else [value] for name, value in values.items()},
        }
        pairs = [(name, str(one)) for name, several in fields.items() for one in several]
        encoded = urllib.parse.urlencode(pairs)
        address = urllib.parse.urljoin(page.url, form.action or page.url)
        if form.method == "get":
            return self._checked(self.request(f"{address.split('?')[0]}?{encoded}"), status=status)
        body, kind = encoded.encode(), "application/x-www-form-urlencoded"
        if files:
            body, kind = _multipart(pairs, files=files)
        headers = {"Content-Type": kind, "Referer": page.url}
        return self._checked(self.request(address, data=body, headers=headers), status=status)

    def sign_in(self, role: str) -> str:
        """Sign in as one of the demo's cast, by the one-click button."""
        self._fresh()
        page = self.get("/accounts/login/")
        who: str = self.kept["people"][role]
        self.submit(page, page.form(action="/demo/login/", words=who))
        return who

    def api(
        self,
        path: str,
        *,
        body: Any = None,
        method: str | None = None,
        status: int = 200,
        key: bool = False,
        **headers: str,
    ) -> Page:
        """Call the REST API with the token in ``kept["token"]``; ``key`` sends a fresh Idempotency-Key."""
        sent = {"Authorization": f"Bearer {self.kept['token']}", "Accept": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if key:
            sent["Idempotency-Key"] = str(uuid7())
        data = None if body is None else json.dumps(body).encode()
        if data is not None:
            sent["Content-Type"] = "application/json"
        page = self.request(self.at(f"api/v1/{path}"), data=data, headers=sent, method=method)
        return self._checked(page, status=status)

    def wait(self, what: str, ready: Callable[[], Any], *, seconds: float = 60) -> Any:
        """Ask again until something is there."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := ready():
                return found
            time.sleep(0.5)
        raise WalkFailed(f"{what} did not happen within {seconds:.0f} s")

    def wait_for_job(self, page: Page, *, seconds: float = 120) -> Page:
        """Follow a job's page until it is done."""

        def finished() -> Page | None:
            seen = self.get(page.url)
            if ">Failed<" in seen.text:
                raise WalkFailed(f"the job of {page.url} failed")
            return seen if ">Done<" in seen.text else None

        found: Page = self.wait(f"the job of {page.url}", finished, seconds=seconds)
        return found


def _multipart(pairs: list[tuple[str, str]], *, files: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """Fields and files as a browser packs them: the body and its content type."""
    border = f"wellrun-{uuid7().hex}"
    parts = [
        f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in pairs
    ]
    for name, (filename, content) in files.items():
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
        parts += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", content, b"\r\n"]
    return b"".join([*parts, f"--{border}--\r\n".encode()]), f"multipart/form-data; boundary={border}"


Step = tuple[str, Callable[[Walker], str]]


def sign_in_as_manager(walker: Walker) -> str:
    """The manager signs in and sees what waits."""
    who = walker.sign_in("manager")
    walker.get("work/").expect("My work")
    return f"{who} sees My work"


def make_a_token(walker: Walker) -> str:
    """A token for REST clients, shown once."""
    page = walker.get("settings/tokens/new/")
    form = page.form(words="Make token")
    role = re.search(r'<option value="([^"]+)"[^>]*>Practice manager', page.text)
    if role is None:
        raise WalkFailed("no role Practice manager to choose")
    made = walker.submit(page, form, name="Check", role=role.group(1), days="1")
    found = re.search(r'id="new-token">(wr_[^<]+)<', made.text)
    if found is None:
        raise WalkFailed("the new token is not on the page")
    walker.kept["token"] = found.group(1)
    walker.get("/api/schema/").expect("openapi")
    return "token made, schema reads"


def the_other_practice_is_invisible(walker: Walker) -> str:
    """The second demo practice looks like an unknown address."""
    other = walker.kept["other_slug"]
    foreign, unknown = walker.get(f"/p/{other}/work/", status=404), walker.get("/p/no-such/work/", status=404)
    if walker.kept["other_name"] in foreign.text or foreign.status != unknown.status:
        raise WalkFailed("the other practice can be told from an unknown one")
    return f"{walker.kept['other_name']} is not there for {walker.kept['people']['manager']}"


STEPS: tuple[Step, ...] = (
    ("Sign in", sign_in_as_manager),
    ("Make an API token", make_a_token),
    ("Look into the other practice", the_other_practice_is_invisible),
)
