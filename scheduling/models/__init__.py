"""The schedule: what can be booked, when it is open, what is booked, and every change of state (SCHEDULING.md)."""

from scheduling.models.access import AccessDay
from scheduling.models.check_in import CheckIn, CheckInItem
from scheduling.models.displaced import Displacement
from scheduling.models.kinds import (
    AppointmentType,
    ProviderTypeRule,
    ProviderTypeSite,
    TypeNeed,
    WaitReason,
)
from scheduling.models.missed import MissedVisit, MissPolicyStep
from scheduling.models.outreach import ContactAttempt, Recall, RecallType, Reschedule
from scheduling.models.reach import Reminder, ReminderStep, VisitLink, VisitReply
from scheduling.models.remote import CalendarFeed, Telehealth
from scheduling.models.series import SeriesVisit, VisitSeries
from scheduling.models.supply import (
    AvailabilityBlock,
    Resource,
    ScheduleException,
    ScheduleTemplate,
    TemplateBlock,
    TemplateBlockType,
)
from scheduling.models.visit import Appointment, ResourceBooking, StatusEvent
from scheduling.models.waiting import WaitlistEntry, WaitlistLocation, WaitlistOffer, WaitlistProvider

__all__ = [
    "AccessDay",
    "Appointment",
    "AppointmentType",
    "AvailabilityBlock",
    "CalendarFeed",
    "CheckIn",
    "CheckInItem",
    "ContactAttempt",
    "Displacement",
    "MissPolicyStep",
    "MissedVisit",
    "ProviderTypeRule",
    "ProviderTypeSite",
    "Recall",
    "RecallType",
    "Reminder",
    "ReminderStep",
    "Reschedule",
    "Resource",
    "ResourceBooking",
    "ScheduleException",
    "ScheduleTemplate",
    "SeriesVisit",
    "StatusEvent",
    "Telehealth",
    "TemplateBlock",
    "TemplateBlockType",
    "TypeNeed",
    "VisitLink",
    "VisitReply",
    "VisitSeries",
    "WaitReason",
    "WaitlistEntry",
    "WaitlistLocation",
    "WaitlistOffer",
    "WaitlistProvider",
]
