"""What foreign rows mean: pure functions on plain values."""
