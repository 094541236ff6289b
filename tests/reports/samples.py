"""Records of the reports' Resources for the cases every Resource has."""

import itertools
from datetime import date

from kit import clock
from kit.testing import Sample
from reports.models import VarianceReport

NUMBERS = itertools.count(1)


def make_reports(actor, count):
    return [
        VarianceReport.objects.create(
            practice_id=actor.practice_id,
            month=date(2026, 2, 1),
            basis="accrual",
            version=n,
            as_of=clock.now(),
            prepared_by_id=actor.membership_id,
        )
        for n in itertools.islice(NUMBERS, count)
    ]


SAMPLES = {"reports.pnl": Sample(make=make_reports)}
