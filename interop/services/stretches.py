"""Coverage that comes in may not share days with coverage that is here: each order of a case is held once a day."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from interop.services.chunks import Incoming
from kit.sheet_reader import BadField
from kit.words import us_date
from patients.models import Case, Coverage
from practice.services.import_chunks import Chunk

Stretch = tuple[date, date | None, uuid.UUID | None]


class Stretches:
    """The days that the medical cases of some patients are covered, by patient and order."""

    def __init__(self, *, patient_ids: Iterable[uuid.UUID]) -> None:
        self.of: dict[tuple[uuid.UUID, int], list[Stretch]] = defaultdict(list)
        rows = Coverage.objects.filter(patient_id__in=set(patient_ids), case__kind=Case.Kind.MEDICAL)
        for patient_id, priority, starts, ends, key in rows.values_list(
            "patient_id", "priority", "starts_on", "ends_on", "id"
        ):
            self.of[patient_id, priority].append((starts, ends, key))

    def fitting(self, incoming: Sequence[Incoming], *, chunk: Chunk) -> list[Incoming]:
        """Those that share no day with another one; the others are refused in words, row by row."""
        fit = []
        for one in incoming:
            rival = self._taken(one)
            if rival is None:
                fit.append(one)
                continue
            said = f"overlaps the coverage from {us_date(rival[0])} that this patient has already"
            chunk.refuse(one.row, error=BadField("START_YEAR", said))
        return fit

    def _taken(self, one: Incoming) -> Stretch | None:
        """Who has these days; nobody, and they are taken from now on."""
        given: dict[str, Any] = one.values
        orders = [1, 2] if given.get("second") is not None and one.record_id is None else [1]
        mine: Stretch = (given["starts_on"], given["ends_on"], one.record_id)
        for order in orders:
            others = self.of[given["patient_id"], order]
            for other in others:
                if (other[2] is None or other[2] != one.record_id) and _share(mine, other):
                    return other
        for order in orders:
            kept = self.of[given["patient_id"], order]
            kept[:] = [each for each in kept if each[2] is None or each[2] != one.record_id] + [mine]
        return None


def _share(one: Stretch, other: Stretch) -> bool:
    return (one[1] is None or other[0] <= one[1]) and (other[1] is None or one[0] <= other[1])
