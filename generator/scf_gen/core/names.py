"""Names that are looked up, and what to say of one that is not there."""

from collections.abc import Collection


def unknown_name_hint(name: str, known: Collection[str]) -> str:
    """The nearest known name, if there is one, and all of them."""
    import difflib  # here, since most names are known

    nearest = difflib.get_close_matches(name, known, n=1)
    return f"{f'did you mean {nearest[0]}? ' if nearest else ''}there are {', '.join(known)}"
