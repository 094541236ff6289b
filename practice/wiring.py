"""What is bound by dotted name, so that lower rooms can ask upper ones: part of the settings (ARCHITECTURE.md 1)."""

# What rooms add to one another, by kind and dotted name (practice/contributions.py): never fine when it fails.
CONTRIBUTIONS: dict[str, list[str]] = {
    "patient_panels": [
        "patients.panels.marks",
        "billing.panels.account",
        "patients.panels.coverage",
        "patients.panels.medicare",
        "patients.panels.consents",
        "patients.panels.records",
        "scheduling.panels.visits",
        "scheduling.reach_panels.missed_fact",
    ],
    "appointment_panels": [
        "patients.visit_panels.case",
        "billing.panels.restriction",
        "patients.visit_panels.signatures",
        "scheduling.panels.waits",
        "scheduling.reach_panels.reminders_box",
        "scheduling.reach_panels.missed_box",
        "scheduling.reach_panels.telehealth_box",
    ],
    "patientconsent_panels": ["patients.panels.signature"],
    "reschedule_panels": ["scheduling.outreach_panels.reschedule"],
    "recall_panels": ["scheduling.outreach_panels.recall"],
    "calendarfeed_panels": ["scheduling.reach_panels.feed"],
    "waitlistentry_panels": ["scheduling.panels.waiting"],
    "breakglass_panels": ["patients.panels.looks"],
    "apitoken_panels": ["practice.record_panels.token"],
    "checklisttemplate_panels": ["practice.record_panels.checklist"],
    "practiceexport_panels": ["practice.record_panels.export"],
    "scheduletemplate_panels": ["scheduling.panels.template"],
    "displacement_panels": ["scheduling.panels.displaced"],
    "patientpayment_panels": ["billing.panels.payment"],
    "remittancefile_panels": ["billing.panels.download"],
    "announcement_panels": ["practice.record_panels.announcement"],
    "record_panels": [
        "practice.boxes.notes",
        "practice.boxes.phone",
        "practice.record_letters.letters_and_messages",
        "practice.approval_panel.panel",
        "practice.boxes.files",
        "practice.boxes.work",
        "interop.panels.codes_of_import",
    ],
    # What letters can be about, with the merge fields each knows (practice/letter_subjects.py).
    "letter_subjects": [
        "practice.letter_subjects.payer",
        "patients.letters.patient",
        "patients.letters.complaint",
        "patients.letters.consent_text",
        "patients.letters.consent_mail",
        "patients.records_letters.request",
        "scheduling.letters.visit",
        "scheduling.letters.recall",
        "scheduling.letters.reminder_text",
        "scheduling.letters.reminder_mail",
        "scheduling.letters.offer_text",
        "scheduling.letters.offer_mail",
        "billing.letters.denial",
    ],
    # The Monday brief (practice/brief.py): its lines, and boxes beside them.
    "brief_lines": [
        "practice.brief_lines.lines",
        "staff.brief.lines",
        "patients.brief.lines",
        "scheduling.brief.lines",
        "billing.brief.lines",
        "compliance.brief.lines",
        "reports.brief.lines",
    ],
    "brief_boxes": ["reports.brief.boxes"],
    # What points at patients, and what a merge of two records does with it (patients/merging.py).
    "patient_merges": ["patients.merging.own", "scheduling.merging.own", "billing.merging.own"],
    # The day of a patient's last care, from which the record is kept (patients/selectors/records_desk.py).
    "last_care": ["scheduling.selectors.care.last_visit"],
    # What a card was used for, in a sentence: such a coverage is never corrected (patients/services/coverages.py).
    "coverage_uses": ["billing.coverage_uses.claims"],
    # What rooms know about a patient that whoever books should hear (practice/booking.py).
    # The same about a patient with one provider for one kind of visit.
    "visit_checks": ["scheduling.booking_checks.licence"],
    "booking_checks": [
        "patients.booking_checks.registration",
        "scheduling.booking_checks.missed",
        "billing.booking_checks.balance",
    ],
    # What rooms look at at the desk, before and after a visit (practice/check_in.py).
    "check_in_items": ["patients.check_in.items", "billing.check_in.items"],
    "check_out_items": ["scheduling.check_out.items", "billing.check_in.after"],
    # What rooms say about many visits at once, on the cards of the flow board (practice/visit_flags.py).
    "visit_flags": ["patients.visit_flags.registration", "billing.visit_flags.owed"],
}
# What break-glass has opened for a member (practice/selectors/people.py), by dotted name.
OPENED_RECORDS = "patients.selectors.restricted.opened"
# Patients whom an actor may not see (practice/selectors/work.py), by dotted name.
HIDDEN_PATIENTS = "patients.selectors.restricted.hidden_patients"
# Who comes in by an address below the practices' own (practice/link_door.py): its letter, what it is a secret of
# (TokenLookup.Kind), and who that is, by dotted name: ``(*, link_id, practice, request_id) -> Actor | None``.
LINK_DOORS = {
    "f": ("link", "practice.selectors.forms.link_actor"),
    "l": ("letter", "practice.selectors.letter_links.reader"),
    "c": ("calendar", "scheduling.selectors.feeds.reader"),
    "v": ("visit", "scheduling.selectors.visit_links.answerer"),
    "s": ("consent", "patients.selectors.consent_links.signer"),
}
# What counts a wrong date of birth at such an address, by the permission of whoever gave it: ``(actor) -> None``.
LINK_WRONG = {
    "practice.read_online": "practice.services.letter_links.note_wrong",
    "patients.sign_by_link": "patients.services.consent_links.note_wrong",
}
# Doors to records without a Resource, and lighter ones than their Resource's (practice/selectors/records.py).
RECORD_SELECTORS = {
    "practice.WorkItem": "practice.selectors.work.visible_to",
    "scheduling.Appointment": "scheduling.selectors.appointments.visible_to",
    "billing.Charge": "billing.selectors.charges.visible_to",
    "billing.Claim": "billing.selectors.claims.visible_to",
    "billing.DenialCase": "billing.selectors.denials.visible_to",
    "billing.Remittance": "billing.selectors.remittances.visible_to",
}
