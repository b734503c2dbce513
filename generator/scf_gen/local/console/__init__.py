"""The console: what a person sees of a local SCF in a browser."""
