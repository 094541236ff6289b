"""Hand-made screens of billing."""
