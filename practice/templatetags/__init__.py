"""Template tags of the tenant."""
