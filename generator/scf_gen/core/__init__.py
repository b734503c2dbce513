"""Values of the SCF contract and of functions; no I/O."""
