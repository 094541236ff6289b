"""Ways into a practice: invitations, one look-up for every secret, what a role demands."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("practice", "0002_functions")]

    operations: list[object] = []
