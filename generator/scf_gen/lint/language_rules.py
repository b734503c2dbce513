"""Rules 4xx: the languages of the files."""
