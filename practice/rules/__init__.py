"""Pure rules of the tenant: plain values in, plain values out."""
