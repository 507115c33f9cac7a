"""What the author of a model works with."""
