"""What the patients' tables take from a sheet."""

from kit.sheet_reader.states import CHOICES
from kit.sheet_target import SheetField, SheetTarget
from patients.permissions import PatientPermission as P

TARGETS = (
    SheetTarget(
        name="patients.patient",
        label="Patients",
        sentence="People with name, birth date, phone and address. Their number in the other system keeps them apart.",
        model="patients.Patient",
        permission=P.CHANGE_PATIENT,
        view_permission=P.VIEW_PATIENT,
        phi=True,
        form="patients.forms.PatientSheetForm",
        take="patients.services.patient_sheets.take",
        undo="patients.services.patient_sheets.withdraw",
        undo_words="Patients it made are marked as entered in error; those with a visit, coverage or file stay.",
        key=(("mrn",), ("last_name", "first_name", "birth_date"), ("full_name", "birth_date")),
        needs=(("last_name", "first_name"), ("full_name",)),
        needs_words="first and last name, or the whole name",
        fields=(
            SheetField(
                name="mrn",
                label="Number there (MRN)",
                synonyms=(
                    "mrn", "patient id", "patient number", "patient no", "chart", "chart number", "chart no",
                    "account number", "acct", "acct no", "medical record number", "record number", "patient mrn", "id",
                ),
            ),
            SheetField(
                name="last_name",
                label="Last name",
                synonyms=("last", "surname", "family name", "lname", "patient last name", "lastname"),
            ),
            SheetField(
                name="first_name",
                label="First name",
                synonyms=("first", "given name", "fname", "patient first name", "firstname", "forename"),
            ),
            SheetField(
                name="full_name", label="Whole name", synonyms=("name", "patient name", "patient", "client name")
            ),
            SheetField(
                name="birth_date",
                label="Birth date",
                kind="past_date",
                required=True,
                synonyms=("dob", "date of birth", "birthdate", "birth day", "birthday", "born", "d o b", "patient dob"),
            ),
            SheetField(
                name="sex",
                label="Sex",
                kind="choice",
                synonyms=("gender", "sex at birth", "birth sex", "m f"),
                choices=(
                    ("F", "Female", ("f", "fem", "woman", "girl", "w")),
                    ("M", "Male", ("m", "man", "boy")),
                    ("U", "Not known", ("u", "unk", "unknown", "x", "o", "other", "non-binary", "n")),
                ),
            ),
            SheetField(
                name="phone",
                label="Phone",
                synonyms=(
                    "telephone", "phone number", "tel", "mobile", "cell", "cell phone", "mobile phone", "home phone",
                    "primary phone", "contact number", "phone 1",
                ),
            ),
            SheetField(name="email", label="Email", synonyms=("e-mail", "email address", "mail")),
            SheetField(
                name="address_line",
                label="Street and number",
                synonyms=("address", "address 1", "address line 1", "street", "street address", "home address"),
            ),
            SheetField(name="city", label="City", synonyms=("town",)),
            SheetField(
                name="state", label="State", kind="choice", choices=CHOICES, synonyms=("st", "province", "us state")
            ),
            SheetField(
                name="postal_code",
                label="ZIP code",
                kind="zip",
                synonyms=("zip", "postal code", "zipcode", "postcode", "zip 5"),
            ),
        ),
    ),
)  # fmt: skip
