"""What people outside can send us about patients."""

from patients.permissions import PatientPermission as P
from practice.form_purposes import FormPurpose, Question

COMPLAINT = FormPurpose(
    key="patients.complaint",
    label="Complaint",
    hint="Accepting one opens a complaint with its deadlines",
    review_permission=P.CHANGE_COMPLAINT,
    accept="patients.services.complaint_intake.open_from",
    becomes="patients.complaint",
    needs=(("what", "long_text"),),
    title="Tell us what went wrong",
    intro="Somebody reads everything that comes in here. In an emergency call 911 instead.",
    thanks="Thank you for telling us. If you left a way to reach you, we will be in touch.",
    starts_with=(
        Question(
            key="what",
            kind="long_text",
            label="What happened?",
            help_text="When, where and with whom, as far as you remember",
            sensitive=True,
        ),
        Question(
            key="category",
            kind="choice",
            label="What is it mostly about?",
            choices=(
                "Care",
                "Access and waiting",
                "Staff conduct",
                "Communication",
                "Billing",
                "Privacy",
                "Safety",
                "Facility",
            ),
        ),
        Question(key="happened_on", kind="date", label="When was it?", required=False),
        Question(key="wish", kind="text", label="What would you like us to do?", required=False),
        Question(key="name", kind="text", label="Your name", required=False, sensitive=True),
        Question(key="phone", kind="phone", label="Your phone number", required=False, sensitive=True),
        Question(key="email", kind="email", label="Your email address", required=False, sensitive=True),
        Question(key="papers", kind="file", label="A letter or picture you want to add", required=False),
    ),
)
PURPOSES = (COMPLAINT,)
