"""Django's ``migrate``, in a fraction of the time on an empty database (``practice.migrating``)."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from practice.migrating import OLDER_BUILD, OLDER_TABLES, rendering_little


class Command(migrate.Command):
    """The same options, the same result; tables of an older build from before 0.1 are refused in words."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate. Raises CommandError, with nothing changed, for tables of such a build (docs/adr/0017)."""
        if OLDER_BUILD in MigrationRecorder(connections[options["database"]]).applied_migrations():
            raise CommandError(OLDER_TABLES)
        with rendering_little():
            super().handle(*args, **options)
