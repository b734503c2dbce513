"""Rules 1xx: the handler that SCF is told of."""
