#!/usr/bin/env python
"""Django's entry point. ``./run manage …`` calls it with the right database and keys."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "practice.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
