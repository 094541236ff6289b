"""What a finished import owes the rest of the house. Everything here replaces, so it may run twice."""

from __future__ import annotations

import itertools
import uuid
from decimal import Decimal

from django.db.models import Count, Q, Sum

from billing.models import ProcedureCode, UnmappedCode
from interop.permissions import InteropPermission
from interop.rules.codes import is_new_patient
from practice import events
from practice.actor import Actor
from practice.models import ImportFile, ImportRun
from practice.services import work
from scheduling.models import Appointment

UNMAPPED, REFUSED = "interop.unmapped_codes", "practice.refused_rows"


def patients_with_imported_visits(*, actor: Actor) -> list[uuid.UUID]:
    """Whose visits must be told new from established, in one order."""
    found = Appointment.objects.filter(practice_id=actor.practice_id, created_via="import")
    return list(found.order_by("patient_id").values_list("patient_id", flat=True).distinct())


def tell_new_patients(patient_ids: list[uuid.UUID], *, actor: Actor) -> int:
    """Set ``is_new_patient`` of imported visits by the three-year rule. Returns how many changed."""
    visits = Appointment.objects.filter(
        practice_id=actor.practice_id, patient_id__in=patient_ids, status=Appointment.Status.COMPLETED
    ).order_by("patient_id", "starts_at", "id")
    changed = []
    for _, own in itertools.groupby(visits, key=lambda visit: visit.patient_id):
        previous = None
        for visit in own:
            new = is_new_patient(previous, day=visit.local_day)
            if visit.created_via == "import" and visit.is_new_patient != new:
                visit.is_new_patient = new
                changed.append(visit)
            previous = visit.local_day
    Appointment.objects.bulk_update(changed, ["is_new_patient"], batch_size=500)
    return len(changed)


def list_unmapped_codes(*, actor: Actor) -> tuple[int, Decimal]:
    """Bring the work list of codes without a billable one up to date; returns how many are open, and their money."""
    waiting = (
        ProcedureCode.objects.filter(practice_id=actor.practice_id, billable_code="")
        .exclude(system=ProcedureCode.System.CPT)
        .annotate(
            uses=Count("charges", filter=Q(charges__voided_at=None)),
            money=Sum("charges__amount", filter=Q(charges__voided_at=None)),
        )
        .filter(uses__gt=0)
    )
    UnmappedCode.objects.bulk_create(
        (
            UnmappedCode(
                practice_id=actor.practice_id, code=code, charge_count=code.uses, charge_amount=code.money
            )
            for code in waiting
        ),
        update_conflicts=True,
        unique_fields=["practice", "code"],
        update_fields=["charge_count", "charge_amount", "updated_at"],
    )
    opened = UnmappedCode.objects.filter(practice_id=actor.practice_id, state=UnmappedCode.State.OPEN)
    total = opened.aggregate(count=Count("id"), money=Sum("charge_amount"))
    return int(total["count"]), total["money"] or Decimal("0.00")


def conclude(run: ImportRun, *, actor: Actor) -> None:
    """Put on the work list what people must do now, and tell the rooms that figures changed."""
    count, money = list_unmapped_codes(actor=actor)
    permission = InteropPermission.RUN_IMPORTS
    if count:
        title = f"Map {count} imported codes to billable ones ({run.label})"
        work.open_item(UNMAPPED, record=run, title=title, permission=permission, amount=money, actor=actor)
    files = ImportFile.objects.filter(run=run, is_rehearsal=False).aggregate(refused=Sum("rows_refused"))
    if files["refused"]:
        title = f"Mend {files['refused']} refused rows of the import {run.label}"
        work.open_item(REFUSED, record=run, title=title, permission=permission, actor=actor)
    events.emit("import.finished", actor=actor, import_run_id=run.pk)
