"""The code that a call brings with it, looked at before anything of it is kept."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from scf_gen.archive import source
from scf_gen.errors import ArchiveInvalid
from scf_gen.local.refusal import Refusal
from scf_gen.local.store.code_files import CodeFiles, Upload

# API CreateFunction, "ZipFile".
ZIP_LIMIT_BYTES = 50 * 1024 * 1024

_ELSEWHERE = {
    "CosBucketName": ("UnsupportedOperation.Cos", "there is no COS here; send the code as ZipFile"),
    "CosObjectName": ("UnsupportedOperation.Cos", "there is no COS here; send the code as ZipFile"),
    "TempCosObjectName": ("UnsupportedOperation.Cos", "there is no COS here; send the code as ZipFile"),
    "DemoId": ("ResourceNotFound.Demo", "there are no demos here; scf-gen new writes functions"),
    "ImageConfig": ("UnsupportedOperation", "images are not run here"),
}


def receive(code: Mapping[str, Any], files: CodeFiles) -> Upload:
    """Write the ZIP in a call's `code` beside the others; raises Refusal for one that SCF would not take.

    Takes a while; not for the event loop.
    """
    for name, (error_code, why) in _ELSEWHERE.items():
        if code.get(name):
            raise Refusal(error_code, f"The local SCF cannot take `{name}`: {why}.")
    text = code.get("ZipFile")
    if not text:
        raise Refusal("MissingParameter.Code", "The request brings no code: `ZipFile` is missing.")
    return keep(_decode(text), files)


def keep(data: bytes, files: CodeFiles) -> Upload:
    """Write a ZIP beside the others, as `receive` does."""
    if len(data) > ZIP_LIMIT_BYTES:
        raise Refusal("InvalidParameter.RequestTooLarge", "The ZIP has more than 50 MB; SCF takes more from COS.")
    try:
        upload = files.receive(data)
    except OSError as error:
        raise Refusal("InternalError.System", f"The local SCF could not keep the code: {error.strerror}.") from error
    try:
        source.check(upload.path)
    except ArchiveInvalid as error:
        upload.path.unlink()
        why = error.message.replace(str(upload.path), "it")
        raise Refusal("InvalidParameterValue.ZipFile", f"The code is no ZIP file that SCF takes: {why}.") from error
    return upload


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refusal(
            "InvalidParameterValue.ZipFileBase64BinasciiError", f"The ZIP file is not base64: {error}."
        ) from error
