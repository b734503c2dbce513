"""`python -m scf_gen` is `scf-gen`."""

from scf_gen.cli import main

main()
