"""Addresses of My work and of the Monday brief: pages below /p/<slug>/, endpoints below /p/<slug>/api/v1/."""

from django.urls import path

from practice.api import work as api
from practice.views import brief, work, work_acts, work_item, work_people

practice_patterns = [
    path("work/", work.work, name="work"),
    path("work/new/", work_item.new, name="work_new"),
    path("work/people/", work_people.people, name="work_people"),
    path("work/people/<uuid:pk>/hand-over/", work_people.hand_over, name="work_hand_over"),
    *(path(f"work/{act}/", work_acts.act, {"act": act}, name=f"work_{act}") for act in work_acts.ACTS),
    path("work/<uuid:item_id>/", work_item.item, name="work_item"),
    path("brief/", brief.this_week, name="brief"),
    path("brief/snooze/", brief.snooze, name="brief_snooze"),
    path("brief/done/", brief.done, name="brief_done"),
    path("brief/back/", brief.back, name="brief_back"),
    path("brief/choose/", brief.choose, name="brief_choose"),
    path("brief/send/", brief.send, name="brief_send"),
    path("brief/<str:week>/", brief.kept, name="brief_week"),
]
api_urlpatterns = [
    path("work-items/", api.Items.as_view(), name="work_items"),
    path("work-items/<uuid:pk>/", api.OneItem.as_view(), name="work_item"),
    path("work-items/<uuid:pk>/assign/", api.Assign.as_view(), name="work_item_assign"),
    path("work-items/<uuid:pk>/snooze/", api.Snooze.as_view(), name="work_item_snooze"),
    path("work-items/<uuid:pk>/done/", api.Done.as_view(), name="work_item_done"),
]
