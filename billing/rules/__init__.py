"""Pure rules of the billing room: plain values in, plain values out."""
