"""Ways to the bridge."""
