"""Rule 508: secrets that would go along. They are never printed."""

import posixpath
import re
from collections.abc import Iterator

from scf_gen.lint.context import Context
from scf_gen.lint.finding import Found
from scf_gen.lint.layout import is_dependency, would_be_packed
from scf_gen.lint.package import File
from scf_gen.lint.rule import check_of

# Sources and settings are shorter; data are not looked through.
_LIMIT_BYTES = 1 << 20
_ID = re.compile(rb"(?<![A-Za-z0-9])AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])")
_KEY = re.compile(
    rb"""secret_?key["']?[ \t]{0,8}(?::|=|:=|=>)[ \t]{0,8}["']?([A-Za-z0-9]{32})(?![A-Za-z0-9])""", re.IGNORECASE
)
_PRIVATE_KEY = re.compile(
    rb"-----BEGIN (?:[A-Z]{2,9} )?PRIVATE KEY-----(?:\r?\n|\\n)"
    rb"(?:[A-Za-z0-9-]{1,20}: [^\r\n]{0,80}\r?\n|\r?\n){0,4}"  # Proc-Type and the like
    rb"[A-Za-z0-9+/=]{40}"
)
_ENV_FILE = re.compile(r"\.env(?:\.(?!example|sample|template|dist|defaults)\w+)?")
_ENV_VALUE = re.compile(rb"(?m)^[ \t]{0,8}(?:export[ \t]{1,8})?\w{1,100}[ \t]{0,8}=[ \t]{0,8}[^\s#]")
# Their hashes look like keys.
_LOCK_FILES = re.compile(r"(?:.*\.lock|.*-lock\.(?:json|yaml)|go\.sum|npm-shrinkwrap\.json|.*\.svg|.*\.map)")
# What stands in documents: few different characters, or a word that says so.
_LEAST_DIFFERENT = 12
_SHOWN_CHARS = 8


@check_of("SCF508")
def secrets(context: Context) -> Iterator[Found]:
    """A SecretId, a SecretKey, a private key, or a file of settings for one machine."""
    for file in context.package.files.values():
        name = posixpath.basename(file.path)
        if not would_be_packed(context, file) or is_dependency(file.path) or not file.is_regular:
            continue
        if _ENV_FILE.fullmatch(name) and _ENV_VALUE.search(file.content[:_LIMIT_BYTES]):
            yield Found(
                f"{name} would be uploaded", file.path, hint="leave it out: such values belong to [function.env]"
            )
        elif file.size <= _LIMIT_BYTES and not _LOCK_FILES.fullmatch(name) and file.is_text:
            yield from _in_text(file)


def _in_text(file: File) -> Iterator[Found]:
    content = file.content
    if b"AKID" in content:
        for found in _ID.finditer(content):
            if _is_real(found[0]):
                yield _at(file, found.start(), f"a SecretId ({found[0][:_SHOWN_CHARS].decode()}…)")
    if b"PRIVATE KEY-----" in content:
        for found in _PRIVATE_KEY.finditer(content):
            yield _at(file, found.start(), "a private key")
    for found in _KEY.finditer(content):
        if _is_real(found[1]):
            yield _at(file, found.start(1), "a SecretKey")


def _is_real(secret: bytes) -> bool:
    has_digit, has_letter = re.search(rb"\d", secret), re.search(rb"[A-Za-z]", secret)
    return bool(has_digit and has_letter) and len(set(secret)) >= _LEAST_DIFFERENT and b"EXAMPLE" not in secret.upper()


def _at(file: File, at: int, what: str) -> Found:
    return Found(f"here is {what}", file.path, *file.place(at))
