"""What the bootstrap of Bash says of a handler's file that it may not read."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from scf_gen.languages import catalog

NOBODY = 65534


def test_a_file_that_cannot_be_read_is_not_called_missing():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        shutil.copy(catalog.languages()["bash"].folder / "{{cookiecutter.name}}" / "bootstrap", folder)
        (folder / "index.sh").write_text("main_handler() { :; }\n")
        (folder / "index.sh").chmod(0)
        settings = {"SCF_RUNTIME_API": "127.0.0.1", "SCF_RUNTIME_API_PORT": "1", "_HANDLER": "index.main_handler"}
        # Root may read everything.
        user = NOBODY if os.geteuid() == 0 else None
        done = subprocess.run(
            ["bash", folder / "bootstrap"], env={**os.environ, **settings}, user=user, capture_output=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.decode() == "bootstrap: the file index.sh cannot be read; it needs the mode 644\n"
