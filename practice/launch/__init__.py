"""Everything behind `./run`: environment, embedded services, processes and gates.

Standard library only: it must start on a machine that has nothing but Python, before Django is installed.
"""
