"""The forms in which a bench is told."""
