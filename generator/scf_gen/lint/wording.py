"""How messages show what they found."""


def shown(text: str, chars: int = 80) -> str:
    """Text out of a package as a message may have it: no control characters, no more than `chars`."""
    printable = "".join(char if char.isprintable() else "?" for char in text[:chars])
    return printable if len(text) <= chars else f"{printable}…"
