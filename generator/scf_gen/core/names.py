"""Names that are looked up, and what to say of one that is not there."""

from collections.abc import Collection


def unknown_name_hint(name: str, known: Collection[str], *, listing: str = "") -> str:
    """The nearest known name, if there is one, and all of them, or `listing` where they are too many."""
    import difflib  # here, since most names are known

    nearest = difflib.get_close_matches(name, known, n=1)
    is_only = len(known) == 1
    if nearest and is_only and not listing:
        return f"did you mean {nearest[0]}?"
    listing = listing or f"there {'is' if is_only else 'are'} {', '.join(known)}"
    return f"did you mean {nearest[0]}? {listing}" if nearest else listing
