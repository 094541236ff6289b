"""Hand-made endpoints of billing."""
