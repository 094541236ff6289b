"""Row-level security, composite keys and the audit trigger, asked by raw SQL as the app role."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from practice.models import AuditChange, Location, Room
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db


def one(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def test_tests_are_the_app_role():
    assert one("SELECT current_user, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user") == (
        "wellrun_app",
        False,
        False,
    )


def test_without_a_practice_nothing_is_seen(acting):
    with acting("manager") as actor:
        Location.objects.create(practice_id=actor.practice_id, name="Main Street")
    assert one("SELECT count(*) FROM practice_location") == (0,)


def test_another_practice_sees_none_of_ours(acting):
    with acting("manager") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main Street")
    with acting("stranger"):
        assert one("SELECT count(*) FROM practice_location WHERE id = %s", str(place.id)) == (0,)


def test_a_row_for_another_practice_is_refused(acting):
    ours = actor_named("manager").practice_id
    with (
        acting("stranger"),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
    ):
        Location.objects.create(practice_id=ours, name="Planted")
    with acting("manager"):
        assert not Location.objects.filter(name="Planted").exists()


def test_a_key_into_another_practice_is_refused_by_the_database(acting):
    with acting("manager") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main Street")
    theirs = actor_named("stranger")
    with in_practice(theirs):
        with pytest.raises(IntegrityError), transaction.atomic():
            Room.objects.create(practice_id=theirs.practice_id, location_id=place.id, name="Stolen")
        assert not Room.objects.exists()


def test_every_change_is_in_the_trail_with_its_actor(acting):
    with acting("manager") as actor:
        place = Location.objects.create(practice_id=actor.practice_id, name="Main Street")
        Location.objects.filter(pk=place.pk).update(city="Harbor")
        trail = list(AuditChange.objects.filter(row_id=place.pk).order_by("at", "id"))
        assert [row.action for row in trail] == ["I", "U"]
        assert trail[1].new["city"] == "Harbor"
        assert trail[1].actor == f"user:{actor.user_id}"


def test_the_app_cannot_write_or_change_the_trail(acting):
    with acting("manager") as actor:
        Location.objects.create(practice_id=actor.practice_id, name="Main Street")
        for sql in ("UPDATE practice_auditchange SET actor = 'me'", "DELETE FROM practice_auditchange"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                one(sql)
        assert AuditChange.objects.filter(actor=f"user:{actor.user_id}").exists()
