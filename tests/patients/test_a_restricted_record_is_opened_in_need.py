"""Break-glass: a reason, one patient, a limit, a banner, a notice, a review; and nothing for a wrong key."""

import json
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from patients.models import BreakGlass, BreakGlassReview, Patient
from patients.selectors import patients as found
from patients.services import break_glass, patients
from practice.models import (
    AuditAccess,
    AuditAccessPatient,
    AuditChange,
    JobRun,
    Membership,
    Role,
    RolePermission,
    User,
    WorkItem,
)
from practice.services.people import issue_token
from tests.cast import Visitor, actor_named, in_practice

pytestmark = pytest.mark.django_db
PAGE = "patients/break-glass/"
WHY = {"reason": "desk", "words": "She stands at the desk and asks for her next visit"}


@pytest.fixture
def famous(acting):
    """Fiona Famous, restricted, and Olga Ordinary, not; the manager's doing."""
    with acting("manager") as actor:
        made = patients.register(
            actor=actor,
            first_name="Fiona",
            last_name="Famous",
            birth_date=date(1980, 3, 4),
        )
        made = patients.restrict(made, reason="In the public eye", actor=actor)
        patients.register(actor=actor, first_name="Olga", last_name="Ordinary", birth_date=date(1981, 3, 4))
    return made


def ours(ask):
    with in_practice(actor_named("owner")):
        return ask()


def grants():
    return ours(lambda: list(BreakGlass.objects.order_by("created_at", "id")))


def opened(visitor, famous, **more):
    answer = visitor.send(PAGE, {"mrn": famous.mrn, **WHY, **more})
    assert answer.status_code == 302, answer.content.decode()
    return grants()[-1]


def test_the_record_number_and_a_reason_open_one_record_for_an_hour(famous, front_desk):
    assert front_desk.at(f"patients/{famous.pk}/").status_code == 404
    grant = opened(front_desk, famous)
    assert grant.ends_at - grant.starts_at == timedelta(minutes=60)
    assert (grant.patient_id, grant.reason) == (famous.pk, "desk")
    page = front_desk.at(f"patients/{famous.pk}/")
    assert page.status_code == 200
    assert "Famous" in page.content.decode()
    assert str(famous.pk) in front_desk.at("patients/", q="famous").content.decode()


def test_last_name_and_birth_date_open_it_exactly_as_they_are(famous, front_desk):
    answer = front_desk.send(PAGE, {"last_name": "fAMOUS ", "birth_date": "03/04/1980", **WHY})
    assert answer.status_code == 302
    assert [grant.patient_id for grant in grants()] == [famous.pk]


@pytest.mark.parametrize(
    "key",
    [
        {"mrn": "999999"},
        {"mrn": "100002"},  # Olga, who is not restricted
        {"last_name": "Famous", "birth_date": "03/05/1980"},
        {"last_name": "Famou", "birth_date": "03/04/1980"},
    ],
    ids=["unknown number", "not restricted", "wrong day", "start of a name"],
)
def test_a_wrong_key_says_what_an_unknown_one_says_and_is_logged_as_refused(famous, front_desk, key):
    answer = front_desk.send(PAGE, {**key, **WHY})
    assert answer.status_code == 422
    assert "No restricted record matches" in answer.content.decode()
    assert grants() == []
    refused = ours(lambda: list(AuditAccess.objects.filter(action="refused").values_list("what", flat=True)))
    assert refused == [break_glass.REFUSED]
    assert front_desk.at(f"patients/{famous.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"reason": ""}, "Choose the reason"),
        ({"words": "x"}, "Say in a few words"),
        ({"mrn": ""}, "Enter the record"),
    ],
)
def test_without_a_reason_or_a_key_nothing_opens(famous, front_desk, change, words):
    answer = front_desk.send(PAGE, {"mrn": famous.mrn, **WHY, **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert grants() == []


def test_the_sixth_attempt_within_a_quarter_of_an_hour_is_refused_even_with_the_right_key(famous, front_desk):
    for _ in range(5):
        assert front_desk.send(PAGE, {"mrn": "1", **WHY}).status_code == 422
    answer = front_desk.send(PAGE, {"mrn": famous.mrn, **WHY})
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert grants() == []


def test_it_ends_at_its_very_minute_through_every_door(famous, front_desk):
    grant = opened(front_desk, famous)
    doors = (
        f"patients/{famous.pk}/",
        f"api/v1/patients/{famous.pk}/",
        f"billing/accounts/{famous.pk}/",
        f"patients/{famous.pk}/edit/",
    )
    with time_machine.travel(grant.ends_at - timedelta(seconds=1), tick=False):
        fresh = signed_in_anew()
        assert [fresh.at(door).status_code for door in doors] == [200] * 4
        assert "wr-opened" in fresh.at("patients/").content.decode()
        assert front_desk_sees(famous)
    with time_machine.travel(grant.ends_at, tick=False):
        fresh = signed_in_anew()
        assert [fresh.at(door).status_code for door in doors] == [404] * 4
        assert "wr-opened" not in fresh.at("patients/").content.decode()
        assert not front_desk_sees(famous)


def signed_in_anew():
    """The session of an hour ago has ended by itself."""
    visitor = Visitor(slug="harbor")
    visitor.force_login(User.objects.get(email="front_desk@harbor.example"))
    return visitor


def front_desk_sees(famous):
    with in_practice(actor_named("front_desk")) as actor:
        return found.visible_to(actor).filter(pk=famous.pk).exists()


def test_a_colleague_and_a_token_of_the_same_member_see_nothing(famous, front_desk, physician, acting):
    opened(front_desk, famous)
    assert physician.at(f"patients/{famous.pk}/").status_code == 404
    with acting("owner") as owner:
        member = Membership.objects.get(user__email="front_desk@harbor.example")
        token, raw = issue_token("EHR", role=Role.objects.get(code="front_desk"), actor=owner)
        type(token).objects.filter(pk=token.pk).update(membership=member)
    client = Visitor(slug="harbor")
    answer = client.get(f"/p/harbor/api/v1/patients/{famous.pk}/", headers={"Authorization": f"Bearer {raw}"})
    assert answer.status_code == 404


def test_a_token_cannot_break_glass(famous, acting):
    with acting("owner") as owner:
        _, raw = issue_token("EHR", role=Role.objects.get(code="front_desk"), actor=owner)
    client = Visitor(slug="harbor")
    answer = client.post(
        f"/p/harbor/{PAGE}", {"mrn": famous.mrn, **WHY}, headers={"Authorization": f"Bearer {raw}"}
    )
    assert answer.status_code == 403
    assert grants() == []


def test_who_loses_the_right_loses_what_is_open(famous, front_desk):
    opened(front_desk, famous)
    ours(lambda: RolePermission.objects.filter(permission="patients.break_glass").delete())
    assert front_desk.at(f"patients/{famous.pk}/").status_code == 404


def test_the_banner_stands_on_every_page_and_closes_the_record(famous, front_desk):
    grant = opened(front_desk, famous)
    for path in ("patients/", "work/", "scheduling/", "patients/break-glass/"):
        text = front_desk.at(path).content.decode()
        assert f"Restricted record {famous.mrn}" in text
        assert "Famous" not in text or path == "patients/"
    assert front_desk.send(f"{PAGE}{grant.pk}/close/").status_code == 302
    assert "wr-opened" not in front_desk.at("patients/").content.decode()
    assert front_desk.at(f"patients/{famous.pk}/").status_code == 404
    assert front_desk.send(f"{PAGE}{grant.pk}/close/").status_code == 302


def test_nobody_closes_what_another_has_opened(famous, front_desk, physician):
    grant = opened(front_desk, famous)
    assert physician.send(f"{PAGE}{grant.pk}/close/").status_code == 404
    assert front_desk.at(f"patients/{famous.pk}/").status_code == 200


def test_each_look_is_logged_with_its_grant(famous, front_desk, manager):
    grant = opened(front_desk, famous)
    front_desk.at(f"patients/{famous.pk}/")
    front_desk.get(f"/p/harbor/api/v1/patients/{famous.pk}/")
    manager.at(f"patients/{famous.pk}/")
    rows = ours(
        lambda: list(
            AuditAccessPatient.objects.filter(patient_id=famous.pk)
            .order_by("created_at")
            .values_list("grant_id", flat=True)
        )
    )
    # The page shows the patient and their cases: two looks; REST the patient alone.
    assert rows == [*[grant.pk] * 3, None, None]


def test_the_privacy_officer_gets_work_and_a_mail_without_the_patient(famous, front_desk, acting):
    grant = opened(front_desk, famous)
    item = ours(lambda: WorkItem.objects.get(kind=break_glass.ITEM))
    assert item.permission == "patients.review_break_glass"
    assert "Famous" not in item.title
    job = ours(lambda: JobRun.objects.get(kind=break_glass.NOTICE))
    assert job.args == {"grant_id": str(grant.pk)}
    from patients.services import break_glass_notice

    with acting("owner") as actor:
        mails = break_glass_notice.written(str(grant.pk), actor=actor)
    assert break_glass_notice.send(mails) == 2  # owner and manager
    told = "".join(f"{each.subject}{each.body}{each.alternatives}" for each in mail.outbox)
    assert "Fay Flores" in told
    assert str(grant.pk) in told
    for secret in ("Famous", "Fiona", famous.mrn, "1980", WHY["words"]):
        assert secret not in told


def test_the_report_tells_who_whom_why_and_what_was_looked_at_and_takes_the_review(
    famous, front_desk, manager
):
    grant = opened(front_desk, famous)
    front_desk.at(f"patients/{famous.pk}/")
    listed = manager.at("patients/break-glass/opened/").content.decode()
    assert "Fay Flores" in listed
    page = manager.at(f"patients/break-glass/opened/{grant.pk}/").content.decode()
    for word in ("Fiona Famous", WHY["words"], "Viewed", "Patient"):
        assert word in page
    path = f"patients/break-glass/opened/{grant.pk}/do/review/"
    refused = manager.send(path, {"outcome": "unjustified", "note": ""})
    assert refused.status_code == 422
    assert ours(BreakGlassReview.objects.count) == 0
    assert manager.send(path, {"outcome": "justified", "note": ""}).status_code == 302
    assert ours(lambda: WorkItem.objects.get(kind=break_glass.ITEM).state) == "done"
    assert "Nothing to review" in manager.at("patients/break-glass/opened/").content.decode()
    assert manager.send(path, {"outcome": "unjustified", "note": "I changed my mind"}).status_code == 409
    assert ours(lambda: BreakGlassReview.objects.get().outcome) == "justified"


def test_nobody_reviews_the_own_opening(famous, front_desk, acting):
    grant = opened(front_desk, famous)
    with acting("owner"):
        RolePermission.objects.create(
            practice_id=grant.practice_id,
            role=Role.objects.get(code="front_desk"),
            permission="patients.review_break_glass",
        )
    answer = front_desk.send(f"patients/break-glass/opened/{grant.pk}/do/review/", {"outcome": "justified"})
    assert answer.status_code == 422
    assert ours(BreakGlassReview.objects.count) == 0


def test_others_see_neither_the_report_nor_another_practices(famous, front_desk, physician, stranger):
    grant = opened(front_desk, famous)
    path = f"patients/break-glass/opened/{grant.pk}/"
    assert physician.at(path).status_code == 403
    assert stranger.at(path).status_code == 404
    assert stranger.send(f"{PAGE}{grant.pk}/close/").status_code == 404
    assert "Fay Flores" not in stranger.at("patients/break-glass/opened/", view="all").content.decode()


def test_the_facts_of_a_grant_can_never_be_changed(famous, front_desk):
    from django.db import DatabaseError, transaction

    opened(front_desk, famous)
    with in_practice(actor_named("owner")):
        for change in (
            lambda: BreakGlass.objects.update(ends_at=timezone.now() + timedelta(days=9)),
            lambda: BreakGlass.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()
        assert BreakGlass.objects.count() == 1


def test_restricting_a_record_asks_why_and_its_history_tells(famous, manager, front_desk, acting):
    with acting("manager"):
        olga = Patient.objects.get(last_name="Ordinary")
    path = f"patients/{olga.pk}/do/restrict/"
    assert front_desk.send(path, {"reason": "My aunt"}).status_code == 403
    assert manager.send(path, {"reason": " "}).status_code == 422
    assert front_desk.at(f"patients/{olga.pk}/").status_code == 200
    assert manager.send(path, {"reason": "Works at the front desk"}).status_code == 302
    assert front_desk.at(f"patients/{olga.pk}/").status_code == 404
    assert "Works at the front desk" in manager.at(f"patients/{olga.pk}/").content.decode()
    assert manager.send(path, {"reason": "Again"}).status_code == 409
    lift = f"patients/{olga.pk}/do/lift/"
    assert manager.send(lift, {"reason": "Left the practice"}).status_code == 302
    assert front_desk.at(f"patients/{olga.pk}/").status_code == 200
    changes = ours(
        lambda: [
            (row.new or {}).get("is_restricted")
            for row in AuditChange.objects.filter(row_id=olga.pk, action="U").order_by("at")
        ]
    )
    assert changes == [True, False]


def test_the_api_changes_no_restriction(famous, manager):
    body = json.dumps({"is_restricted": False, "city": "Elsewhere"})
    manager.patch(f"/p/harbor/api/v1/patients/{famous.pk}/", body, content_type="application/json")
    assert ours(lambda: Patient.objects.get(pk=famous.pk).is_restricted)


def test_members_among_the_patients_are_suggested(famous, manager, acting):
    with acting("manager") as actor:
        patients.register(
            actor=actor,
            first_name="Percy",
            last_name="Park",
            birth_date=date(1970, 1, 1),
            email="physician@harbor.example",
        )
    suggested = manager.at("patients/restricted/", view="suggested").content.decode()
    assert "Park, Percy" in suggested
    assert "Famous" not in suggested
    page = manager.at("patients/restricted/").content.decode()
    assert "Famous, Fiona" in page
    assert "Park" not in page
    assert "Olga" not in page + suggested
