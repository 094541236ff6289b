"""The pages made from a Resource."""
