"""What scf-gen raises when it could not do its work; how a *function* fails is a value, `core.result.Outcome`."""


class ScfGenError(Exception):
    """Expected and fatal: `message` says what and where, `hint` what to do about it."""

    exit_code = 3

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadAnswer(ScfGenError):
    """A value given on the command line or to a template that cannot be used; nothing was written."""

    exit_code = 2


class CredentialsMissing(BadAnswer):
    """No keys to sign requests of the cloud API with, or none that can be used."""


class FunctionNotFound(ScfGenError):
    """A path that holds no function."""


class FunctionInvalid(ScfGenError):
    """An `scf.toml` that cannot be read."""


class ArchiveInvalid(ScfGenError):
    """A ZIP that is broken, or not safe to unpack."""


class DestinationExists(ScfGenError):
    """A folder that `new` would have to overwrite."""


class TemplateInvalid(ScfGenError):
    """A language folder that lacks something, or templates that are not there at all."""


class ToolMissing(ScfGenError):
    """A program that a language needs is not on this machine."""


class BuildFailed(ScfGenError):
    """A build command that did not succeed: scf-gen did its work, the function's sources failed."""

    exit_code = 1


class PackageInvalid(ScfGenError):
    """Files that cannot become a package that SCF takes."""


class PackageFaulty(ScfGenError):
    """A package in which the linter found an error."""

    exit_code = 1


class CaseInvalid(ScfGenError):
    """A case of the conformance suite that cannot be read."""


class DataFolderInvalid(ScfGenError):
    """The folder of a local SCF cannot be used, or another server has it."""


class CannotListen(ScfGenError):
    """The address that a server was to listen on cannot be had."""


class CloudError(ScfGenError):
    """The cloud API did not do what was asked, or a function there is not as it should be."""


class Unanswered(CloudError):
    """A request of the cloud API that got no answer, or none that is one of the API; it may have been carried out.

    `again` says whether asking again may help.
    """

    def __init__(self, message: str, hint: str = "", *, again: bool = True) -> None:
        super().__init__(message, hint)
        self.again = again


class Refused(CloudError):
    """An error that the cloud API answered; `code` is its own word for it."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.code = code
