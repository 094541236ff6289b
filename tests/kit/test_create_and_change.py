"""Forms: every entry kept, the same words on top and at the field, nothing written when refused."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms

from kit.forms import Form
from tests.kit.toyapp.models import Maker, State, Toy

VALUES = {"name": "Red car", "state": "new", "bought": "03/04/2026", "price": "12.50", "safe": "on"}


def test_what_is_typed_is_what_the_service_gets(owner):
    response = owner.post("/p/north/toys/new/", VALUES)
    toy = Toy.objects.get()
    assert response["Location"] == f"/p/north/toys/{toy.pk}/?done=created"
    assert (toy.practice, toy.name, toy.bought, toy.price, toy.safe) == (
        "north",
        "Red car",
        date(2026, 3, 4),
        Decimal("12.50"),
        True,
    )


@pytest.mark.parametrize("typed", ["03/04/2026", "3/4/2026", "2026-03-04", "3-4-2026", "3/4/26"])
def test_dates_are_read_as_people_here_type_them(owner, typed):
    owner.post("/p/north/toys/new/", {**VALUES, "bought": typed})
    assert Toy.objects.get().bought == date(2026, 3, 4)


def test_a_mistake_keeps_every_entry_and_writes_nothing(owner):
    response = owner.post("/p/north/toys/new/", {**VALUES, "name": "", "bought": "soon"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Error: New toy" in html
    assert "There is a problem" in html
    assert '<a href="#id_name">' in html
    assert 'value="soon"' in html
    assert 'value="12.50"' in html
    assert not Toy.objects.exists()


def test_a_refusal_of_the_service_stands_at_its_field(owner):
    response = owner.post("/p/north/toys/new/", {**VALUES, "name": "Gun"})
    assert response.status_code == 422
    assert response.content.decode().count("Choose a toy that is no weapon") == 2
    assert not Toy.objects.exists()


def test_a_rule_of_the_table_answers_with_its_own_sentence(owner):
    response = owner.post("/p/north/toys/new/", {**VALUES, "price": "-1"})
    assert response.status_code == 422
    assert "Enter a price of zero or more" in response.content.decode()
    assert not Toy.objects.exists()


def test_an_integrity_error_that_no_rule_explains_is_a_bug_and_stays_one(owner):
    owner.raise_request_exception = False
    assert owner.post("/p/north/makers/new/", {"name": "Bug"}).status_code == 500


def test_a_conflict_answers_409_and_leaves_the_record_alone(owner, make):
    toy = make(name="Mine")
    response = owner.post(f"/p/north/toys/{toy.pk}/edit/", {**VALUES, "name": "Taken"})
    assert response.status_code == 409
    assert "That name is taken" in response.content.decode()
    toy.refresh_from_db()
    assert toy.name == "Mine"


def test_only_records_one_may_see_can_be_chosen(owner, make):
    foreign = Maker.objects.create(practice="south", name="Hidden Works")
    assert "Hidden Works" not in owner.at("toys/new/").content.decode()
    response = owner.post("/p/north/toys/new/", {**VALUES, "maker": str(foreign.pk)})
    assert response.status_code == 422
    assert not Toy.objects.exists()


def test_an_address_can_carry_first_values(owner):
    maker = Maker.objects.create(practice="north", name="Acme")
    html = owner.at("toys/new/", maker=str(maker.pk), secret="x").content.decode()
    assert f'<option value="{maker.pk}" selected>Acme</option>' in html
    assert 'value="x"' not in html


def test_a_change_starts_from_the_record_and_returns_to_it(owner, make):
    toy = make(name="Red car", bought=date(2026, 3, 4), state=State.SOUND)
    html = owner.at(f"toys/{toy.pk}/edit/").content.decode()
    assert 'value="Red car"' in html
    assert 'value="03/04/2026"' in html
    response = owner.post(f"/p/north/toys/{toy.pk}/edit/", {**VALUES, "name": "Blue car"})
    assert response["Location"] == f"/p/north/toys/{toy.pk}/?done=changed"
    toy.refresh_from_db()
    assert toy.name == "Blue car"


def test_nobody_overwrites_what_another_has_just_changed(owner, make):
    toy = make(name="Old")
    html = owner.at(f"toys/{toy.pk}/edit/").content.decode()
    version = html.split('name="_version" value="')[1].split('"')[0].replace("&quot;", '"')
    Toy.objects.get(pk=toy.pk).save()
    response = owner.post(f"/p/north/toys/{toy.pk}/edit/", {**VALUES, "name": "New", "_version": version})
    assert response.status_code == 409
    assert "Somebody changed this toy while you were editing" in response.content.decode()
    toy.refresh_from_db()
    assert toy.name == "Old"
    html = response.content.decode()
    assert "Name: Old is on file now" in html
    newer = html.split('name="_version" value="')[1].split('"')[0].replace("&quot;", '"')
    again = owner.post(f"/p/north/toys/{toy.pk}/edit/", {**VALUES, "name": "New", "_version": newer})
    assert again.status_code == 302  # who was told means it
    toy.refresh_from_db()
    assert toy.name == "New"


def test_a_form_sent_twice_is_done_once(owner):
    answers = [
        owner.post("/p/north/toys/new/", {**VALUES, "idempotency_key": "k1"})["Location"] for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert Toy.objects.count() == 1


def test_a_refused_form_keeps_its_key(owner):
    html = owner.post("/p/north/toys/new/", {"idempotency_key": "k2"}).content.decode()
    assert 'name="idempotency_key" value="k2"' in html


def test_nobody_writes_a_record_out_of_their_own_sight(owner, make, monkeypatch):
    from tests.kit.toyapp import services

    toy = make()
    monkeypatch.setattr(services, "change", services.give_away)
    from django.utils.module_loading import import_string

    assert import_string("tests.kit.toyapp.services.change") is services.give_away
    assert owner.post(f"/p/north/toys/{toy.pk}/edit/", VALUES).status_code == 403
    toy.refresh_from_db()
    assert toy.practice == "north"


def test_every_refusal_names_its_field():
    class Asks(Form):
        name = forms.CharField(max_length=3)
        count = forms.IntegerField(min_value=2)
        price = forms.DecimalField(max_digits=5, decimal_places=2)
        at = forms.TimeField(label="Time of day")
        why_not = forms.ChoiceField(choices=[("a", "A")])

    given = {"name": "abcdef", "count": "1", "price": "1.234", "at": "soon", "why_not": "b"}
    said = {name: errors[0] for name, errors in Asks(data=given).errors.items()}
    assert said == {
        "name": "Name: at most 3 characters, not 6",
        "count": "Count: enter 2 or more",
        "price": "Price: at most 2 digits after the point",
        "at": "Time of day: enter a time like 2:10 PM",
        "why_not": "Choose “Why not” from the list",
    }
