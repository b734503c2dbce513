"""What a test project's scf.toml says."""

from pathlib import Path


def settings(folder: Path, *, env: str = "", **changes: object) -> None:
    """Write the project's scf.toml."""
    values = {"handler": "index.main_handler", "memory_mb": 128, "timeout_s": 3, "init_timeout_s": 10, **changes}
    lines = [f"{name} = {value!r}" for name, value in values.items()]
    # The bootstrap is the least that answers.
    head = ["[lint]", 'ignore = ["SCF3"]', "[function]", 'name = "echo"']
    text = "\n".join([*head, *lines, "[function.env]", env, ""])
    (folder / "scf.toml").write_text(text)
