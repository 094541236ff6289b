"""kit.pdf: tagged, from our own style sheet, no file and no address is fetched."""

import builtins
import io
from pathlib import Path

import pypdf
import pytest
from django.template import engines
from django.template.backends.django import DjangoTemplates

from kit import charts, pdf

pytest.importorskip("weasyprint", reason="needs Pango", exc_type=OSError)

PAGE = """{% extends "shell/pdf.html" %}{% block foot_middle %}Confidential{% endblock %}
{% block content %}<h1>Statement</h1><p>{{ words }}</p>{{ picture }}
<img src="{{ address }}" alt="x">{% endblock %}"""


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    engine = engines["django"]
    assert isinstance(engine, DjangoTemplates)
    monkeypatch.setattr(engine.engine, "dirs", [tmp_path, *engine.engine.dirs])
    for loader in engine.engine.template_loaders:
        if hasattr(loader, "reset"):
            loader.reset()
    return "page.html"


def made(template: str, **context: object) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf.render_pdf(template, context, title="Statement of March")))


def test_the_text_is_there_and_the_document_has_its_title(template: str) -> None:
    reader = made(template, words="You owe $42.40")
    assert "You owe $42.40" in reader.pages[0].extract_text()
    assert reader.metadata is not None
    assert reader.metadata.title == "Statement of March"


def test_the_document_is_tagged_for_screen_readers(template: str) -> None:
    root = made(template).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  pypdf's own boolean
    assert "/StructTreeRoot" in root


def test_the_footer_names_the_document_and_the_page(template: str) -> None:
    text = made(template).pages[0].extract_text()
    assert "Page 1 of 1" in text
    assert "Confidential" in text


def test_a_chart_is_drawn_with_its_labels(template: str) -> None:
    chart = charts.bars([charts.Point("January", 100)], title="Cash")
    assert "January" in made(template, picture=chart.svg).pages[0].extract_text()


def test_what_a_person_typed_is_text_and_not_markup(template: str) -> None:
    assert "<b>bold</b>" in made(template, words="<b>bold</b>").pages[0].extract_text()


def test_a_file_of_this_machine_is_not_embedded(template: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.svg"
    secret.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg"><text y="9">sesame</text></svg>', encoding="utf-8"
    )
    text = made(template, address=secret.as_uri()).pages[0].extract_text()
    assert "sesame" not in text


def test_an_inline_picture_is_embedded(template: str) -> None:
    svg = "%3Csvg xmlns='http://www.w3.org/2000/svg' width='99' height='20'%3E"
    svg += "%3Ctext y='9'%3Eopen%3C/text%3E%3C/svg%3E"
    picture = f"data:image/svg+xml,{svg}"
    assert "open" in made(template, address=picture).pages[0].extract_text()


def test_without_pango_the_message_has_the_command(template: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_pango(name: str, *rest: object, **more: object) -> object:
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(pdf.PdfUnavailable, match=r"apt-get install -y libpango-1\.0-0"):
        pdf.render_pdf(template, {}, title="x")


def test_the_style_sheet_is_there_before_the_first_build(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf, "STYLES", (tmp_path / "not-built.css", pdf.STYLES[1]))
    assert "@page" in pdf.stylesheet()
