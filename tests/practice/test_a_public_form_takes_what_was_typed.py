"""What somebody outside types: kept once, as answers of their kind, encrypted where sensitive; never by a program."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core import signing
from django.db import connection

from kit import clock
from practice.encrypted import Ciphertext
from practice.models import FormAnswer, FormSubmission, PublicLink, WorkItem
from practice.selectors.forms import draft_of
from practice.services import forms
from practice.services.submissions import answers_of
from tests.practice.form_world import TRAP, Outsider, make_form, make_link

pytestmark = pytest.mark.django_db
EVERYTHING = (
    ("born", "date", {"label": "Born on"}),
    ("visits", "number", {}),
    ("again", "yes_no", {}),
    ("site", "choice", {"choices": ["Main Street", "Riverside"]}),
    ("phone", "phone", {}),
    ("secret", "text", {"is_sensitive": True}),
    ("agree", "consent", {"is_required": True, "label": "I agree"}),
    ("sign", "signature", {}),
)
GOOD = {
    "message": "Thank you all", "born": "3/4/1980", "visits": "2.5", "again": "no", "site": "Riverside",
    "phone": "+1 (207) 555-0148", "secret": "Quixworth", "agree": "on", "sign": "Jo Ferris",
}  # fmt: skip


@pytest.fixture
def world(acting):
    with acting("manager") as actor:
        link, path = make_link(actor, make_form(actor, extra=EVERYTHING))
    return link, Outsider(path)


def count(acting):
    with acting("manager"):
        return FormSubmission.objects.count()


def test_each_answer_stands_in_the_column_of_its_kind(world, acting):
    _, visitor = world
    answer = visitor.send(**GOOD)
    assert answer.status_code == 302
    page = visitor.get(answer["Location"])
    assert "Thank you" in page.content.decode()
    with acting("manager"):
        said = {field.key: value for field, value in answers_of(FormSubmission.objects.get())}
        assert said == {
            "message": "Thank you all", "born": date(1980, 3, 4), "visits": Decimal("2.5"), "again": False,
            "site": "Riverside", "phone": "2075550148", "secret": "Quixworth", "agree": True, "sign": "Jo Ferris",
        }  # fmt: skip


def test_a_sensitive_answer_stands_nowhere_in_the_clear(world, acting):
    world[1].send(**GOOD)
    with acting("manager"):
        row = FormAnswer.objects.get(field__key="secret")
        assert isinstance(row.sealed, Ciphertext)
        assert (row.text, row.choice) == ("", None)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM practice_formanswer WHERE to_jsonb(practice_formanswer)::text LIKE %s",
                ["%Quixworth%"],
            )
            assert cursor.fetchone() == (0,)
            cursor.execute(
                "SELECT count(*) FROM practice_auditchange WHERE (old::text || new::text) LIKE %s",
                ["%Quixworth%"],
            )
            assert cursor.fetchone() == (0,)


def test_it_waits_for_review_and_the_list_says_nothing_of_it(world, acting):
    world[1].send(**GOOD)
    with acting("manager"):
        item = WorkItem.objects.get(kind="practice.submission")
        assert item.state == "open"
        assert "Quixworth" not in item.title
        assert "Thank you all" not in item.title


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("message", " ", "Answer “What would you like to tell us?”"),
        ("born", "31/31/1980", "enter a date like"),
        ("visits", "many", "enter a number"),
        ("site", "Elsewhere", "choose one of the answers"),
        ("phone", "12", "enter ten digits"),
        ("agree", "", "Tick “I agree”"),
        ("message", "x" * 8001, "8000"),
    ],
)
def test_what_is_wrong_is_said_and_everything_typed_is_kept(world, acting, field, value, words):
    answer = world[1].send(**{**GOOD, field: value})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "There is a problem" in text
    assert "Jo Ferris" in text
    assert "<title>Error: " in text
    assert count(acting) == 0


def test_the_same_page_sent_twice_is_one_submission(world, acting):
    _, visitor = world
    token = visitor.token()
    first, second = (visitor.send(token=token, **GOOD) for _ in range(2))
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert count(acting) == 1


def test_a_single_use_takes_one_page_and_shows_that_it_was_sent(acting):
    with acting("manager") as actor:
        link, path = make_link(actor, make_form(actor), most_uses=1)
    visitor, other = Outsider(path), Outsider(path)
    token, second = visitor.token(), other.token()
    assert visitor.send(token=token, message="One").status_code == 302
    assert visitor.send(token=token, message="One").status_code == 302  # the double click
    assert other.send(token=second, message="Two").status_code == 404
    assert visitor.get(path).status_code == 404
    assert visitor.get(f"{path}sent/").status_code == 200
    with acting("manager"):
        assert FormSubmission.objects.count() == 1
        assert PublicLink.objects.get(pk=link.pk).uses == 1


def test_what_nobody_sees_nobody_fills_in(world, acting):
    _, visitor = world
    data = {f"q-{key}": value for key, value in GOOD.items()} | {"page": visitor.token(), TRAP: "buy now"}
    with clock.at(clock.now() + timedelta(seconds=30)):
        answer = visitor.post(visitor.path, data)
    assert answer.status_code == 422
    assert "Leave the last field" in answer.content.decode()
    assert count(acting) == 0


def test_nobody_types_in_a_second_but_may_send_it_again(world, acting):
    _, visitor = world
    token = visitor.token()
    answer = visitor.send(token=token, later=timedelta(seconds=1), **GOOD)
    assert answer.status_code == 422
    assert "quicker than anybody types" in answer.content.decode()
    assert token in answer.content.decode()
    assert visitor.send(token=token, **GOOD).status_code == 302
    assert count(acting) == 1


@pytest.mark.parametrize("token", ["", "nonsense", "another link's", "made up", "a day old"])
def test_a_page_that_is_not_ours_sends_nothing(world, acting, token):
    """The token is the CSRF token of this door: without having opened the page, nobody has one."""
    _, visitor = world
    later = timedelta(seconds=20)
    if token == "another link's":
        with acting("manager") as actor:
            _, path = make_link(actor, make_form(actor, name="Other"))
        token = Outsider(path).token()
    elif token == "made up":
        token = signing.dumps({"l": "0", "v": "0", "n": "0", "t": 0}, key="another-key")
    elif token == "a day old":
        token, later = visitor.token(), timedelta(hours=25)
    answer = visitor.send(token=token, later=later, **GOOD)
    assert answer.status_code == 422
    assert "open for very long" in answer.content.decode()
    assert "Jo Ferris" in answer.content.decode()
    assert count(acting) == 0


def test_a_page_opened_before_a_new_version_is_still_taken(world, acting):
    link, visitor = world
    token = visitor.token()
    with acting("manager") as actor:
        draft = forms.start_draft(link.form, actor=actor)
        forms.change_words(draft, title="Newer", intro="", thanks="", actor=actor)
        forms.publish(draft_of(link.form), actor=actor)
    assert "Newer" in visitor.get(visitor.path).content.decode()
    assert visitor.send(token=token, **GOOD).status_code == 302
    with acting("manager"):
        assert FormSubmission.objects.get().version.number == 1


def test_more_than_all_files_together_is_refused_unread(world, acting):
    answer = world[1].post(world[1].path, b"", content_type="multipart/form-data; boundary=x",
                           CONTENT_LENGTH=str(40 * 1024 * 1024))  # fmt: skip
    assert answer.status_code == 413
    assert count(acting) == 0


def test_what_was_sent_is_in_no_log(world, acting, caplog):
    caplog.set_level("DEBUG")
    world[1].send(**GOOD)
    world[1].send(**{**GOOD, "phone": "12"})
    told = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    for words in ("Quixworth", "Thank you all", "2075550148", world[1].path.split("/")[2]):
        assert words not in told
