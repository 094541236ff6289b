"""kit.charts: shapes stand where the figures put them, and the table twin has the same figures."""

import re
from decimal import Decimal
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from kit import charts
from kit.charts import Band, Chart, Point, Step
from kit.words import percent

STEPS = [
    Step("Budget income", Decimal(76512), "total"),
    Step("Fewer visits", Decimal(-17413)),
    Step("Better rates", Decimal(664)),
    Step("Actual income", Decimal(59763), "total"),
]
MONTHS = [Point(f"M{i}", Decimal(value)) for i, value in enumerate([5, 8, 3, 12])]


def parsed(svg: str) -> Element:
    root: Element = fromstring(svg)
    return root


def shapes(svg: str, *, tag: str, role: str) -> list[dict[str, str]]:
    root = parsed(svg)
    return [found.attrib for found in root.iter(tag) if role in found.get("class", "").split()]


def texts(svg: str) -> list[str]:
    return [found.text or "" for found in parsed(svg).iter("text")]


def test_a_fall_hangs_from_where_the_total_ended() -> None:
    svg = charts.waterfall(STEPS, title="t").svg
    (first, _), (fall,) = shapes(svg, tag="rect", role="tot"), shapes(svg, tag="rect", role="down")
    assert fall["y"] == first["y"]
    scale = float(first["height"]) / 76512
    assert float(fall["height"]) == pytest.approx(17413 * scale, abs=0.1)


def test_changes_carry_their_sign_and_totals_do_not() -> None:
    written = texts(charts.waterfall(STEPS, title="t").svg)
    assert {"$76,512", "−$17,413", "+$664", "$59,763"} <= set(written)


def test_the_table_twin_has_every_step_with_its_running_total() -> None:
    table = charts.waterfall(STEPS, title="t").table
    assert table.rows[1] == ("Fewer visits", "−$17,413", "$59,099")
    assert table.rows[-1] == ("Actual income", "$59,763", "$59,763")


def test_a_cut_axis_is_marked_on_both_totals_and_said() -> None:
    chart = charts.waterfall(STEPS, title="t", cut=Decimal(30000), note="Budget to actual.")
    assert len(shapes(chart.svg, tag="path", role="cut")) == 2
    assert chart.note == "Budget to actual. The totals are cut below $30,000."


def test_an_uncut_axis_says_nothing() -> None:
    chart = charts.waterfall(STEPS, title="t")
    assert chart.note == ""
    assert shapes(chart.svg, tag="path", role="cut") == []


@pytest.mark.parametrize("cut", [Decimal(59099), Decimal(80000), Decimal(-5)])
def test_a_cut_through_a_column_is_refused(cut: Decimal) -> None:
    with pytest.raises(ValueError, match="cut must lie"):
        charts.waterfall(STEPS, title="t", cut=cut)


def test_steps_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="lead to 59763, not to 59999"):
        charts.waterfall([*STEPS[:-1], Step("Actual", Decimal(59999), "total")], title="t")


@pytest.mark.parametrize("steps", [[], [Step("x", Decimal(1))]])
def test_a_waterfall_starts_with_a_total(steps: list[Step]) -> None:
    with pytest.raises(ValueError, match="starts with a total"):
        charts.waterfall(steps, title="t")


def test_a_loss_stands_below_the_axis() -> None:
    svg = charts.waterfall(
        [
            Step("Income", Decimal(10), "total"),
            Step("Cost", Decimal(-30)),
            Step("Loss", Decimal(-20), "total"),
        ],
        title="t",
    ).svg
    axis = float(shapes(svg, tag="line", role="ax0")[0]["y1"])
    income, loss = shapes(svg, tag="rect", role="tot")
    assert float(income["y"]) < axis
    assert float(loss["y"]) == axis
    assert float(loss["height"]) > float(income["height"])


def test_nothing_anywhere_still_draws() -> None:
    svg = charts.waterfall([Step("A", 0, "total"), Step("B", 0, "total")], title="t").svg
    assert len(shapes(svg, tag="rect", role="tot")) == 2


def test_a_line_rises_with_its_values_and_labels_the_last() -> None:
    chart = charts.line(MONTHS, title="t", tone="warn")
    places = [
        tuple(map(float, pair.split(",")))
        for pair in shapes(chart.svg, tag="polyline", role="ln")[0]["points"].split()
    ]
    assert places[3][1] < places[1][1] < places[0][1] < places[2][1]
    assert "$12.00" in texts(chart.svg)
    assert len(shapes(chart.svg, tag="circle", role="pt--warn")) == 1


def test_the_target_band_lies_between_its_edges() -> None:
    band = Band(low=Decimal(4), high=Decimal(8), label="Target 4 to 8")
    svg = charts.line(MONTHS, title="t", band=band).svg
    (drawn,) = shapes(svg, tag="rect", role="band")
    places = [
        tuple(map(float, pair.split(",")))
        for pair in shapes(svg, tag="polyline", role="ln")[0]["points"].split()
    ]
    assert float(drawn["y"]) == pytest.approx(places[1][1], abs=0.11)  # the second value is 8
    assert "Target 4 to 8" in texts(svg)


@pytest.mark.parametrize("band", [Band(high=Decimal(8)), Band(low=Decimal(4))])
def test_a_band_may_be_open_on_one_side(band: Band) -> None:
    assert len(shapes(charts.line(MONTHS, title="t", band=band).svg, tag="rect", role="band")) == 1


def test_a_year_of_weeks_keeps_the_labels_readable() -> None:
    svg = charts.line([Point(f"W{i}", i) for i in range(53)], title="t").svg
    labels = [text for text in texts(svg) if text.startswith("W")]
    assert len(labels) <= 13
    assert labels[-1] == "W52"


def test_one_point_is_a_dot_without_a_line() -> None:
    svg = charts.line([Point("Jan", 5)], title="t").svg
    assert shapes(svg, tag="polyline", role="ln") == []
    assert len(shapes(svg, tag="circle", role="pt")) == 1


def test_bars_stand_on_zero_and_hang_below_it() -> None:
    svg = charts.bars([Point("Jan", 100), Point("Feb", -50)], title="t").svg
    axis = float(shapes(svg, tag="line", role="ax0")[0]["y1"])
    (up,), (down,) = shapes(svg, tag="rect", role="up"), shapes(svg, tag="rect", role="down")
    assert float(up["y"]) + float(up["height"]) == pytest.approx(axis, abs=0.1)
    assert float(down["y"]) == pytest.approx(axis, abs=0.1)
    assert float(up["height"]) == pytest.approx(2 * float(down["height"]), abs=0.2)


def test_bars_of_nothing_have_no_height() -> None:
    svg = charts.bars([Point("Jan", 0), Point("Feb", 0)], title="t").svg
    assert {shape["height"] for shape in shapes(svg, tag="rect", role="up")} == {"0"}


def test_a_sparkline_is_hidden_and_ends_in_tone() -> None:
    svg = charts.sparkline([5, 6, 4], band=Band(low=5, high=9), tone="bad")
    assert 'aria-hidden="true"' in svg
    assert len(shapes(svg, tag="circle", role="pt--bad")) == 1
    assert len(shapes(svg, tag="rect", role="band")) == 1


def test_a_flat_sparkline_lies_in_the_middle() -> None:
    (flat,) = shapes(charts.sparkline([7, 7, 7]), tag="polyline", role="ln")
    assert {pair.split(",")[1] for pair in flat["points"].split()} == {"14.0"}


def test_a_sparkline_of_one_value_is_its_point() -> None:
    svg = charts.sparkline([7])
    assert shapes(svg, tag="polyline", role="ln") == []
    assert shapes(svg, tag="circle", role="pt")[0]["cx"] == "84"


@pytest.mark.parametrize(
    "draw",
    [lambda: charts.sparkline([]), lambda: charts.line([], title="t"), lambda: charts.bars([], title="t")],
)
def test_nothing_to_draw_is_refused(draw: object) -> None:
    with pytest.raises(ValueError, match="need"):
        draw()  # type: ignore[operator]


def test_every_shape_has_a_literal_colour_for_mail_and_paper() -> None:
    for svg in (
        charts.waterfall(STEPS, title="t", cut=100).svg,
        charts.line(MONTHS, title="t").svg,
        charts.bars(MONTHS, title="t").svg,
    ):
        for shape in parsed(svg):
            painted = [shape.get(name, "") for name in ("fill", "stroke")]
            assert any(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in painted), shape.attrib
        assert "style=" not in svg


def test_names_from_data_cannot_break_out_of_the_picture() -> None:
    chart = charts.bars([Point('<script>alert("x")</script>', 1)], title='"><script>')
    assert "<script" not in chart.svg
    parsed(chart.svg)


def test_the_box_shows_the_finding_and_the_table() -> None:
    chart = charts.line(MONTHS, title="Up & away", value_name="Visits", note="Since May.")
    html = Template("{% load kit_format %}{% chart c %}").render(Context({"c": chart}))
    assert "<h2>Up &amp; away</h2>" in html
    assert "<summary>Show as table</summary>" in html
    assert '<th scope="row">M3</th><td class="wr-num">$12.00</td>' in html
    assert "Since May." in html


def test_the_box_can_stand_below_another_heading() -> None:
    chart = charts.bars(MONTHS, title="Finding")
    html = Template('{% load kit_format %}{% chart c note="Mine." heading="h3" %}').render(
        Context({"c": chart})
    )
    assert "<h3>Finding</h3>" in html
    assert "Mine." in html


@given(st.lists(st.decimals(min_value=-(10**9), max_value=10**9, places=2), min_size=1, max_size=30))
def test_any_figures_give_well_formed_pictures_inside_the_frame(values: list[Decimal]) -> None:
    points = [Point(f"P{i}", value) for i, value in enumerate(values)]
    drawn: list[Chart] = [charts.line(points, title="t", write=percent), charts.bars(points, title="t")]
    for chart in drawn:
        root = parsed(chart.svg)
        _, _, _, height = map(float, root.attrib["viewBox"].split())
        for rect in root.iter("rect"):
            assert float(rect.attrib["y"]) >= -0.1
            assert float(rect.attrib["y"]) + float(rect.attrib["height"]) <= height + 0.1
        assert len(chart.table.rows) == len(values)
