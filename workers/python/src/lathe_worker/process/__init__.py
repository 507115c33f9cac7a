"""The process that holds the model."""
