"""Pure rules of the tenant: what a value means, which one is in force, when something is due."""
