"""Addresses of the schedule."""

from django.urls import path

from scheduling import api, api_flow, api_reach, api_series, api_supply, api_waiting
from scheduling.views import (
    access,
    booking,
    day,
    day_sheet,
    desk,
    feeds,
    flow,
    flow_facts,
    provider_week,
    public_visit,
    reach,
    series,
    templates,
    visits,
    waiting,
    wall,
)

urlpatterns = [
    path("", day.day_page, name="day"),
    path("week/", provider_week.week_page, name="week"),
    path("day-sheet/", day_sheet.sheet_page, name="day_sheet"),
    path("book/", booking.book, name="book"),
    path("book/new-patient/", booking.new_patient, name="book_new_patient"),
    path("visits/<uuid:pk>/", visits.visit_page, name="visit"),
    path("visits/<uuid:pk>/do/<slug:step>/", visits.take_step, name="step"),
    path("visits/<uuid:pk>/check-in/", desk.check_in, name="check_in"),
    path("visits/<uuid:pk>/check-out/", desk.check_out, name="check_out"),
    path("visits/<uuid:pk>/cancel/", visits.cancel, name="cancel"),
    path("visits/<uuid:pk>/move/", booking.move, name="move"),
    path("visits/<uuid:pk>/close-links/", reach.close_links, name="close_links"),
    path("visits/<uuid:pk>/telehealth/", reach.telehealth, name="telehealth"),
    path("calendar-addresses/new/", feeds.make, name="feed_new"),
    path("calendar-addresses/<uuid:pk>/renew/", feeds.renew, name="feed_renew"),
    path("visits/<uuid:pk>/opening/", waiting.opening, name="opening"),
    path("series/new/", series.new, name="series_new"),
    path("fill/", waiting.fill, name="fill"),
    path("fill/<uuid:pk>/offer/", waiting.offer, name="offer"),
    path("flow/", flow.board, name="flow"),
    path("flow/<uuid:pk>/do/<slug:step>/", flow.step, name="flow_step"),
    path("flow/<uuid:pk>/room/", flow.room, name="flow_room"),
    path("flow/<uuid:pk>/wait/", flow.wait, name="flow_wait"),
    path("patient-flow/", flow_facts.page, name="patient_flow"),
    path("access/", access.lab, name="access"),
    path("templates/<uuid:pk>/week/", templates.week, name="template_week"),
    path("templates/<uuid:pk>/preview/", templates.preview, name="template_preview"),
]
# The secret is the key of a wall display: practice/doors.py lets nobody else in.
root_urlpatterns = [path("wall/<str:secret>/", wall.wall, name="wall")]
open_urlpatterns = [
    path("v/<str:secret>/", public_visit.answer, name="public_visit"),
    path("c/<str:secret>/calendar.ics", feeds.read, name="public_calendar"),
]
api_urlpatterns = [
    path("texts/replies/", api_reach.TextReplies.as_view(), name="text_replies"),
    path("texts/deliveries/", api_reach.TextDeliveries.as_view(), name="text_deliveries"),
    path("flow/", api_flow.FlowBoard.as_view(), name="flow"),
    path("flow/facts/", api_flow.FlowFacts.as_view(), name="flow_facts"),
    path("openings/", api.Openings.as_view(), name="openings"),
    path("access/", api_supply.Access.as_view(), name="access"),
    path("availability/", api_supply.Availability.as_view(), name="availability"),
    path("scheduling/templates/<uuid:pk>/blocks/", api_supply.TemplateWeek.as_view(), name="template_blocks"),
    path(
        "scheduling/templates/<uuid:pk>/preview/",
        api_supply.TemplatePreview.as_view(),
        name="template_preview",
    ),
    path("appointments/", api.Appointments.as_view(), name="appointments"),
    path("appointments/hold/", api_waiting.Hold.as_view(), name="appointment_hold"),
    path("scheduling/series/look/", api_series.Look.as_view(), name="series_look"),
    path("scheduling/series/book/", api_series.Book.as_view(), name="series_book"),
    path("scheduling/waitlist/<uuid:pk>/offer/", api_waiting.Offer.as_view(), name="waitlist_offer"),
    path("scheduling/waitlist/fitting/", api_waiting.Fitting.as_view(), name="waitlist_fitting"),
    path("appointments/<uuid:pk>/", api.OneAppointment.as_view(), name="appointment"),
    path("appointments/<uuid:pk>/move/", api.Move.as_view(), name="appointment_move"),
    path("appointments/<uuid:pk>/cancel/", api.Cancel.as_view(), name="appointment_cancel"),
    path(
        "appointments/<uuid:pk>/telehealth/", api_reach.TelehealthOf.as_view(), name="appointment_telehealth"
    ),
    path("appointments/<uuid:pk>/check-in/", api_flow.CheckIn.as_view(), name="appointment_check_in"),
    path("appointments/<uuid:pk>/wait/", api_flow.Wait.as_view(), name="appointment_wait"),
    path("appointments/<uuid:pk>/<slug:step>/", api.Step.as_view(), name="appointment_step"),
]
NAVIGATION = {
    "schedule": [
        ("Day view", "scheduling:day", "scheduling.view_schedule"),
        ("Week view", "scheduling:week", "scheduling.view_schedule"),
        ("Fill openings", "scheduling:fill", "scheduling.view_schedule"),
        ("Flow board", "scheduling:flow", "scheduling.view_schedule"),
        ("Patient flow", "scheduling:patient_flow", "scheduling.view_access"),
        ("Access lab", "scheduling:access", "scheduling.view_access"),
    ]
}
