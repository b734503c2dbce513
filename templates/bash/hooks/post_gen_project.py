"""Make executable what has to be: a template from a ZIP has lost its modes."""

import os

for name in {{ cookiecutter._executable | jsonify }}:
    if os.path.exists(name):
        os.chmod(name, 0o755)
