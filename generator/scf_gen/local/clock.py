"""Times as the API writes them: to the second, without a zone; here they are UTC."""

import time
from datetime import UTC, datetime

_FORM = "%Y-%m-%d %H:%M:%S"


def text_of(time_s: float) -> str:
    """Such as 2017-05-16 20:00:00."""
    return time.strftime(_FORM, time.gmtime(time_s))


def seconds_of(text: str) -> float:
    """The time that a text stands for; raises ValueError for one that is none."""
    return datetime.strptime(text, _FORM).replace(tzinfo=UTC).timestamp()


def now_text() -> str:
    """The time now."""
    return text_of(time.time())
