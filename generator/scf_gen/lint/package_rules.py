"""Rules 5xx: what is in the package."""
