"""pip for the Python on SCF, whichever runs this: python3 install.py VERSION ARGUMENT...

pip itself chooses wheels for another Python, but reads markers, as in `tomli; python_version < "3.11"`, with the one that
runs it (pypa/pip#10050), and so misses packages or installs too many.
"""

import sys

try:
    from pip._internal.cli.main import main
    from pip._vendor.packaging import markers
except ImportError as error:
    sys.exit(f"the pip of {sys.executable} cannot install for another Python ({error}): take another version of it")


def environment(version):
    """What markers compare on SCF, CentOS 7 on x86-64, with Python of that version."""
    full_version = ".".join([*version.split("."), "0", "0"][:3])
    return {
        "implementation_name": "cpython",
        "implementation_version": full_version,
        "os_name": "posix",
        "platform_machine": "x86_64",
        "platform_python_implementation": "CPython",
        "platform_release": "3.10.0",
        "platform_system": "Linux",
        "platform_version": "#1 SMP",
        "python_full_version": full_version,
        "python_version": ".".join(version.split(".")[:2]),
        "sys_platform": "linux",
    }


on_scf = environment(sys.argv[1])
markers.default_environment = lambda: dict(on_scf)
sys.exit(main(sys.argv[2:]))
