"""Every way in which code may let a value slip into a log."""

import logging
import warnings

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.db import connection
from django.http import JsonResponse
from django.template import engines
from django.views.decorators.csrf import csrf_exempt

from practice import jobs
from practice.models import Location

NAME, BORN, SSN = "Zebulonia Quixworth", "02/17/1931", "912-73-5581"
MRN, PHONE, MEMO = "QXW-777-Z31", "312-555-0199", "ankle turned at the lantern parade"
CANARIES = ("Zebulonia", "Quixworth", BORN, "1931-02-17", SSN, "912735581", MRN, PHONE, "lantern parade")
EVERYTHING = " ".join((NAME, BORN, SSN, MRN, PHONE, MEMO))


def _as_value():
    int(EVERYTHING)


def _as_cause():
    try:
        int(EVERYTHING)
    except ValueError as error:
        raise RuntimeError(f"could not read {NAME}") from error


def _as_sql_value():
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::int", [EVERYTHING])


def _as_failing_row():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE practice_location SET name = NULL, city = %s", [EVERYTHING[:60]])


def _as_duplicate():
    practice = Location.objects.values_list("practice_id", flat=True)[0]
    for _ in range(2):
        Location.objects.create(practice_id=practice, name=EVERYTHING[:80])


def _as_raised_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            f"DO $$ BEGIN RAISE EXCEPTION '{EVERYTHING}' USING DETAIL = '{NAME}', HINT = '{SSN}'; END $$"
        )


def _as_timeout():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10ms'")
        cursor.execute("SELECT pg_sleep(5), %s", [EVERYTHING])


def _as_library_log():
    logging.getLogger("some.library").error("no %s with %r", NAME, {"ssn": SSN})
    logging.getLogger("some.library").error(f"patient: {EVERYTHING}")
    logging.getLogger("some.library").error("for %(who)s", {"who": NAME})
    logging.getLogger("some.library").error(ValueError(EVERYTHING))
    logging.getLogger("practice.some").error("failed with %s", ValueError(EVERYTHING))


def _as_warning():
    warnings.warn(f"odd value: {EVERYTHING}", stacklevel=1)


def _as_suspicion():
    raise SuspiciousOperation(EVERYTHING)


def _as_template():
    engines["django"].from_string("{% include missing %}").render({"missing": EVERYTHING})


def _as_validation():
    raise ValidationError({"name": EVERYTHING})


def _as_lookup():
    return {}[EVERYTHING]


WAYS = {name.removeprefix("_as_"): way for name, way in list(globals().items()) if name.startswith("_as_")}


@csrf_exempt
def leak(request, way):
    """Fail in one way."""
    WAYS[way]()
    return JsonResponse({"way": way})


@jobs.kind("test.leak", label="Leaking")
def leak_in_a_job(job):
    """Fail in one way inside a step."""
    with job.step():
        WAYS[job.key]()
