"""The messages between workers and the bridge."""
