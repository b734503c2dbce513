"""Turning a project into what SCF can run."""
