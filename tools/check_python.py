# ruff: noqa: UP031, UP036 (this file has to run, and complain, on an old Python)
"""Say in one line what is wrong with this Python, before anything else fails on it."""

import sys

if sys.version_info < (3, 11):
    sys.exit("scf-gen needs Python 3.11 or newer, this is %d.%d; say make PYTHON=python3.12" % sys.version_info[:2])
try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit("this Python cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv")
