"""form_field and problem_summary."""

import re
from datetime import date

import pytest
from django import forms
from django.template import Context, Template


class CoverageForm(forms.Form):
    member = forms.CharField(label="Member ID", help_text="Spaces are fine", max_length=20)
    group = forms.CharField(label="Group number", required=False, max_length=10)
    starts = forms.DateField(label="Starts")
    holder = forms.ChoiceField(
        label="Policy holder", widget=forms.RadioSelect, choices=[("p", "Patient"), ("s", "Spouse")]
    )
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A")], required=False)
    signed = forms.BooleanField(label="Signed", required=False)
    secret = forms.CharField(
        label="Secret", widget=forms.PasswordInput(attrs={"placeholder": "Secret"}), required=False
    )
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    notes = forms.CharField(label="Notes", widget=forms.Textarea(attrs={"data-width": "16"}), required=False)
    at = forms.DateTimeField(label="At", required=False)

    def clean(self) -> None:
        if self.data.get("group") == "bad":
            raise forms.ValidationError("The group is closed.")


def field(name: str, form: CoverageForm | None = None, extra: str = "") -> str:
    source = "{% load kit_format %}{% form_field form." + name + extra + " %}"
    return Template(source).render(Context({"form": form or CoverageForm()}))


def summary(form: CoverageForm) -> str:
    return Template("{% load kit_format %}{% problem_summary form %}").render(Context({"form": form}))


def test_the_label_belongs_to_its_control() -> None:
    html = field("member")
    assert '<label class="form-label" for="id_member">Member ID</label>' in html
    assert 'id="id_member"' in html


def test_the_hint_is_read_with_the_control() -> None:
    html = field("member")
    assert 'aria-describedby="id_member_helptext"' in html
    assert 'id="id_member_helptext">Spaces are fine' in html


def test_only_optional_fields_are_marked() -> None:
    assert "optional" in field("group")
    assert "optional" not in field("member")
    assert "optional" not in field("signed")


def test_a_problem_stands_at_the_field_in_the_same_words_as_on_top() -> None:
    form = CoverageForm({"member": "", "starts": "soon"})
    html, top = field("member", form), summary(form)
    words = form.errors["member"][0]
    assert "wr-field--bad" in html
    assert f'id="id_member_error">{words}' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_member_helptext id_member_error"' in html
    assert f'<a href="#id_member">{words}</a>' in top


def test_a_refused_form_keeps_every_value() -> None:
    form = CoverageForm({"member": "AM 33", "starts": "soon"})
    assert 'value="AM 33"' in field("member", form)
    assert 'value="soon"' in field("starts", form)


def test_the_summary_links_a_radio_group_to_its_first_button() -> None:
    form = CoverageForm({"member": "x"})
    target = re.search(r'href="#(id_holder[^"]*)"', summary(form))
    assert target is not None
    assert f'id="{target[1]}"' in field("holder", form)


def test_a_problem_of_the_whole_form_comes_first_and_has_no_link() -> None:
    form = CoverageForm({"group": "bad", "member": ""})
    top = summary(form)
    assert "<li>The group is closed.</li>" in top
    assert top.index("The group is closed.") < top.index("#id_member")


def test_a_form_without_problems_has_no_summary() -> None:
    assert summary(CoverageForm()).strip() == ""


def test_a_hidden_field_with_a_problem_is_told_without_a_link() -> None:
    form = CoverageForm({"member": "x"})
    form.add_error("token", "Reload the page.")
    assert "<li>Reload the page.</li>" in summary(form)


def test_a_day_is_shown_and_asked_month_first() -> None:
    html = field("starts", CoverageForm(initial={"starts": date(2026, 3, 4)}))
    assert 'value="03/04/2026"' in html
    assert "MM/DD/YYYY" in html
    assert 'inputmode="numeric"' in html


def test_a_moment_is_shown_month_first_too() -> None:
    from datetime import datetime

    html = field("at", CoverageForm(initial={"at": datetime(2026, 3, 4, 14, 5)}))
    assert 'value="03/04/2026 02:05 PM"' in html


def test_radio_buttons_stand_in_a_fieldset_with_a_legend() -> None:
    html = field("holder")
    assert '<legend class="form-label">Policy holder</legend>' in html
    assert html.count('type="radio"') == 2


def test_a_tick_has_its_label_beside_it() -> None:
    html = field("signed")
    assert "form-check-input" in html
    assert '<label for="id_signed">Signed</label>' in html


def test_a_placeholder_is_never_shown() -> None:
    assert "placeholder" not in field("secret")


def test_a_password_can_be_shown() -> None:
    assert 'data-show-password="id_secret"' in field("secret")


def test_a_hidden_field_has_no_label() -> None:
    html = field("token")
    assert 'type="hidden"' in html
    assert "<label" not in html


@pytest.mark.parametrize(
    ("name", "extra", "width"),
    [
        ("member", "", "16"),
        ("group", "", "10"),
        ("starts", "", "10"),
        ("notes", "", "16"),
        ("kind", "", "24"),
        ("member", ' width="6"', "6"),
    ],
)
def test_a_field_is_as_wide_as_its_answer(name: str, extra: str, width: str) -> None:
    assert f"wr-w-{width}" in field(name, extra=extra)


def test_an_unknown_width_is_refused() -> None:
    with pytest.raises(ValueError, match="width"):
        field("member", extra=' width="99"')


def test_showing_a_field_leaves_the_form_as_it_was() -> None:
    form = CoverageForm()
    field("notes", form)
    assert "wr-w-16" in field("notes", form)
    assert form.fields["notes"].widget.attrs["data-width"] == "16"
