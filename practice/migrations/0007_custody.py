"""What a practice may take with it, and how it is destroyed."""

from django.db import migrations

from practice import operating_sql


class Migration(migrations.Migration):
    dependencies = [("practice", "0006_displays")]

    operations = [
        # The jobs' last mile and the status page
        migrations.RunSQL(operating_sql.TAKE_JOBS, migrations.RunSQL.noop),
        migrations.RunSQL(operating_sql.SWEEP_JOBS, migrations.RunSQL.noop),
        migrations.RunSQL(operating_sql.DISPATCH_DUE, operating_sql.OLD_DISPATCH_DUE),
        migrations.RunSQL(operating_sql.OPERATING_FIGURES, "DROP FUNCTION operating_figures()"),
    ]
