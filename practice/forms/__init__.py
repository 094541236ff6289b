"""Forms of the tenant's pages, one noun a file."""
