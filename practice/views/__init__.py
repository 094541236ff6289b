"""Hand-made pages of the tenant, one noun a file; what a Resource can say is in ``practice.resources``."""
