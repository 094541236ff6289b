"""/kit/: every part of the kit and the shell in its states, shown by the product's own templates and functions.

For people who build pages, for axe and for the pictures the suite compares (docs/kit.md). There is no such address in
production and none in the demo.
"""
