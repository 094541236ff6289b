"""One restricted patient in a seeded practice: every text about them begins with a canary, wherever it stands."""

from __future__ import annotations

import re
from typing import Any

from django.apps import apps
from django.db import models

from billing.models import RemittanceFile
from patients.models import Patient
from practice.checks import is_tenant
from practice.encrypted import EncryptedField, reveal
from practice.models import Letter
from practice.tenancy import TenantForeignKey
from tests.cast import owner_cursor
from tests.security.two_practices import CANARY, MACHINE_WORDS

# Numbers and codes that say nothing of a person: claims are worked by them (docs/adr/0009).
SHOWN = {
    "claim_reference", "payer_control_number", "next_action", "remark_codes", "remarks", "procedure_code",
    "status_code", "mrn", "last_name", "line_number", "request_id", "what", "path",
}  # fmt: skip
# Written by the database alone, read by holders of the audit permission.
TRAIL = {"practice_auditchange", "practice_auditaccess", "practice_auditaccesspatient"}
Rows = dict[str, list[Any]]


def busiest(slug: str) -> Any:
    """The patient with the most to hide: a denial and a remittance, else the most claims."""
    with owner_cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM patients_patient p JOIN practice_practice t ON t.id = p.practice_id AND t.slug = %s "
            "LEFT JOIN billing_claim c ON c.patient_id = p.id LEFT JOIN billing_denialcase d ON d.claim_id = c.id "
            "LEFT JOIN billing_remittanceclaim r ON r.claim_id = c.id GROUP BY p.id "
            "ORDER BY count(d.id) > 0 DESC, count(r.id) > 0 DESC, count(c.id) DESC, p.id LIMIT 1",
            [slug],
        )
        return cursor.fetchone()[0]


def rows_about(patient: Any) -> Rows:
    """Every row about a patient: those that hang below it by keys, at any depth, and those that name it by a plain id
    (letters and messages stand a room below). Table label -> ids.

    A row below that has a patient of its own is about that one: a child's consent hangs on the parent who signed it.
    """
    found: Rows = {"patients.Patient": [patient]}
    waiting = ["patients.Patient"]
    with owner_cursor() as cursor:
        for model in apps.get_models():
            if is_tenant(model) and any(field.name == "patient_id" for field in model._meta.local_fields):
                cursor.execute(f'SELECT id FROM "{model._meta.db_table}" WHERE patient_id = %s', [patient])
                if ids := [row[0] for row in cursor.fetchall()]:
                    found[model._meta.label] = ids
                    waiting.append(model._meta.label)
        while waiting:
            parent = waiting.pop(0)
            for model in apps.get_models():
                for field in model._meta.local_fields if is_tenant(model) else ():
                    if not isinstance(field, TenantForeignKey) or field.related_model._meta.label != parent:
                        continue
                    sql = f'SELECT id FROM "{model._meta.db_table}" WHERE "{field.column}" = ANY(%s::uuid[])'
                    values = [[str(key) for key in found[parent]]]
                    if parent != "patients.Patient" and any(
                        each.name in ("patient", "patient_id") for each in model._meta.local_fields
                    ):
                        sql, values = f"{sql} AND (patient_id IS NULL OR patient_id = %s)", [*values, patient]
                    cursor.execute(sql, values)
                    ids = [row[0] for row in cursor.fetchall()]
                    known = found.setdefault(model._meta.label, [])
                    if fresh := [key for key in ids if key not in known]:
                        known += fresh
                        waiting.append(model._meta.label)
    return {label: ids for label, ids in found.items() if ids}


def hide(patient: Any, *, rows: Rows) -> int:
    """Restrict the patient and put the canary before every text about them, and behind their name anywhere.

    Returns how many columns carry it.
    """
    marked = 0
    with owner_cursor() as cursor:
        cursor.execute(
            "UPDATE patients_patient SET is_restricted = true WHERE id = %s RETURNING last_name, practice_id",
            [patient],
        )
        last_name, practice = cursor.fetchone()
        for model in apps.get_models():
            if not is_tenant(model) or model._meta.db_table in TRAIL:
                continue
            for field in model._meta.local_concrete_fields:
                text = isinstance(field, models.CharField | models.TextField) and not field.choices
                if not text or isinstance(field, EncryptedField):  # ciphertext: see rename_sealed
                    continue
                marked += _mark(cursor, field, ids=rows.get(model._meta.label, []))
                marked += _rename(cursor, field, practice=practice, last_name=last_name)
    return marked


def rename_sealed(patient: Any) -> int:
    """The same in what is encrypted: payers' files and letters. Inside the practice; returns how many name them."""
    named, last_name = 0, Patient.objects.get(pk=patient).last_name.removesuffix(CANARY)
    for file in [*RemittanceFile.objects.all(), *Letter.objects.filter(patient_id=patient)]:
        text = re.sub(
            f"{last_name}(?!{CANARY})", last_name + CANARY, reveal(file, "content"), flags=re.IGNORECASE
        )
        if CANARY in text:
            named += 1
            file.content = text
            file.save()
    return named


def _mark(cursor: Any, field: Any, *, ids: list[Any]) -> bool:
    if not ids or field.name in MACHINE_WORDS | SHOWN or getattr(field, "generated", False):
        return False
    size = field.max_length or 10_000
    cursor.execute(
        f'UPDATE "{field.model._meta.db_table}" SET "{field.column}" = left(%s || "{field.column}", %s) '
        f'WHERE id = ANY(%s::uuid[]) AND "{field.column}" <> \'\' AND length("{field.column}") <= %s - 3',
        [CANARY, size, [str(key) for key in ids], size],
    )
    return bool(cursor.rowcount)


def _rename(cursor: Any, field: Any, *, practice: Any, last_name: str) -> bool:
    """Behind the name, so that it is still found by its beginning: the patient's own and where others wrote it."""
    if getattr(field, "generated", False):
        return False
    column = f'"{field.column}"'
    cursor.execute(
        f"UPDATE \"{field.model._meta.db_table}\" SET {column} = regexp_replace({column}, %s, %s, 'gi') "
        f"WHERE practice_id = %s AND {column} ~* %s",
        [f"(~Q~)?{last_name}", last_name + CANARY, practice, last_name],
    )
    return bool(cursor.rowcount)
