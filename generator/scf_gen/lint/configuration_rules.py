"""Rules 6xx: `scf.toml`."""
