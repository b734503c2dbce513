"""Reading a function from a folder or a ZIP."""
