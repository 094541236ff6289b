"""What is measured, in order. Each scenario takes the world and the servers' ports and adds to the report."""
