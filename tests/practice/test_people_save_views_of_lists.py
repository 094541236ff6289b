"""Views of one's own: saved, shared with permission, renamed, deleted, opened by default; nobody else's to touch."""

import pytest

from practice.models import SavedListView
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
LIST = "settings/payers/"
VIEW = {
    "kind": "practice.payer",
    "name": "Big ones",
    "query": "?view=all&sort=-filing_days&q=secret&kind=commercial",
}


def save(client, **changes):
    return client.send("views/", {**VIEW, **changes})


def views():
    with in_practice(actor_named("manager")):
        return list(SavedListView.objects.order_by("id"))


def test_a_view_becomes_a_tab_without_the_words_of_its_search(manager):
    answer = save(manager)
    assert "q=" not in answer["Location"]
    page = manager.get(answer["Location"]).content.decode()
    assert 'aria-current="page">Big ones' in page
    assert "secret" not in views()[0].query


def test_a_shared_view_is_everyones_tab_and_only_its_owners_to_change(owner, manager):
    save(owner, shared="on")
    assert "Big ones <small>" in manager.at(LIST).content.decode()
    (view,) = views()
    assert save(manager, view=str(view.pk), name="Mine now").status_code == 404
    assert save(manager, view=str(view.pk), delete="1").status_code == 404
    assert [each.name for each in views()] == ["Big ones"]


def test_a_private_view_is_nobody_elses_tab(owner, manager):
    save(owner)
    assert "Big ones" not in manager.at(LIST).content.decode()


def test_sharing_takes_its_permission(manager):
    from practice.models import RolePermission

    with in_practice(actor_named("manager")):
        RolePermission.objects.filter(permission="practice.share_views").delete()
    assert save(manager, shared="on").status_code == 403
    assert views() == []
    assert "For everyone in the practice" not in manager.at(LIST).content.decode()


def test_a_view_is_renamed_made_the_default_and_deleted(manager):
    save(manager), save(manager, name="Other", default="on")
    first, _other = views()
    save(manager, view=str(first.pk), name="Large", default="on")
    assert [(v.name, v.is_default) for v in views()] == [("Large", True), ("Other", False)]
    assert manager.at(LIST)["Location"].endswith(views()[0].query)
    save(manager, view=str(first.pk), delete="1")
    assert [v.name for v in views()] == ["Other"]
    assert manager.at(LIST).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"name": " "}, {"name": "Big  ones"}, {"query": "?view=all&" + "column=name&" * 300}]
)
def test_what_cannot_be_kept_is_refused_in_words(manager, changes):
    save(manager)
    answer = save(manager, **changes)
    assert answer.status_code in (302, 422)
    assert len([v for v in views() if len(v.query) > 2000]) == 0
    assert len({v.name for v in views()}) == len(views())


def test_a_list_one_may_not_see_takes_no_view(front_desk, manager):
    assert save(front_desk).status_code == 403
    assert save(manager, kind="practice.nothing").status_code == 404
    assert views() == []


def test_thirteen_views_of_a_list_are_too_many(manager):
    answers = [save(manager, name=f"View {n}").status_code for n in range(13)]
    assert answers == [302] * 12 + [422]
