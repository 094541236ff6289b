"""`./run bench`: what Wellrun costs over bare SQL and a bare Django view on the same data, as ratios."""
