"""Writing a new project from a template; the only place that imports cookiecutter."""
