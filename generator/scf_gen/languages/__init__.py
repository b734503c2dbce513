"""What scf-gen knows of each language, read from the folders below templates/."""
