"""Rules 3xx: how the bootstrap speaks with the runtime API."""
