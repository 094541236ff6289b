"""`python -m bench`, as ./run bench calls it."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    from bench.runner import main

    sys.exit(main())
