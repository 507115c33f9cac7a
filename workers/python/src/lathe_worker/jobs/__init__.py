"""One job, from its inputs to its outputs."""
