"""The triggers that refuse unbalanced journals, strays and closed periods."""

from django.db import migrations

from finance import sql


class Migration(migrations.Migration):
    dependencies = [("finance", "0001_initial")]

    operations = [
        migrations.RunSQL(sql.BALANCED + sql.LINES_JOIN_THEIR_OWN + sql.PERIOD_IS_OPEN, sql.DROP),
    ]
