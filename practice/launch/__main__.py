"""`python -m practice.launch COMMAND`: what the `run` script executes."""

import sys

from practice.launch.cli import main

sys.exit(main(sys.argv[1:]))
