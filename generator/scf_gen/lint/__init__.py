"""The linter: what would break a function on SCF, found before it is uploaded."""
