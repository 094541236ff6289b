"""Definer functions of the jobs, the global audit, own memberships, and the cache table."""

from django.db import migrations

from practice import sql


class Migration(migrations.Migration):
    dependencies = [("practice", "0001_initial")]

    operations = [
        migrations.RunSQL(sql.AUDIT_GLOBAL, "DROP FUNCTION audit_global_row() CASCADE"),
        migrations.RunSQL(sql.OWN_MEMBERSHIPS, "DROP POLICY own_memberships ON practice_membership"),
        migrations.RunSQL(sql.CACHE_TABLE, "DROP TABLE practice_cache"),
        migrations.RunSQL(
            sql.JOB_FUNCTIONS,
            "DROP FUNCTION refresh_statistics(text[]), take_jobs(int), sweep_jobs(), "
            "job_beat(uuid, int, int, text, int), dispatch_due(text, text)",
        ),
    ]
