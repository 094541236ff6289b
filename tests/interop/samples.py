"""Records of the import centre's Resources for the cases every Resource has."""

import itertools

from interop.models import ImportFile, ImportRun
from kit.testing import Sample

NUMBERS = itertools.count(1)


def make_imports(actor, count):
    own = {"practice_id": actor.practice_id}
    runs = [
        ImportRun.objects.create(**own, label=f"Export {n}", directory="/import", requested_by="Mara Moss")
        for n in itertools.islice(NUMBERS, count)
    ]
    for run in runs:
        ImportFile.objects.create(**own, run=run, name="patients.csv", position=1, rows_total=3, rows_new=2)
    return runs


SAMPLES = {"interop.import": Sample(make=make_imports)}
