"""What the cloud API answers when it does not do what it was asked: a code and a message of Tencent's."""


class Refusal(Exception):
    """An answer of the API's error form; `code` is one of the API's own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


def missing(name: str) -> Refusal:
    """A required parameter is not there."""
    return Refusal("MissingParameter", f"The request is missing a required parameter `{name}`.")
