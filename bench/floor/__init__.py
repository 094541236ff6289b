"""The floor: the same answers by a Django and DRF that do nothing else. No session, tenant, rights, audit."""
