"""Install, as wheels, the languages' tools that this machine lacks."""

import subprocess
import sys

from scf_gen.languages import catalog, toolbox


def main() -> int:
    """The status is 1 where a tool stays missing."""
    tools = {tool for language in catalog.languages().values() for tool in language.tools}
    wheels = sorted({tool.wheel for tool in tools if tool.wheel and not toolbox.find(tool)})
    if wheels:
        print(f"installing {', '.join(wheels)}")
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", *wheels], check=True)
    missing = sorted((tool.name, toolbox.how_to_get(tool)) for tool in tools if not toolbox.find(tool))
    for name, hint in missing:
        print(f"{name} is missing: {hint}")
    return 1 if missing else 0


sys.exit(main())
