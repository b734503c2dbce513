"""Where a bootstrap can have a cgroup of its own, and what the kernel tells of one.

Few machines let a plain process make groups; where this one does, every test of memory goes through them.
"""

from pathlib import Path

import pytest
from scf_gen.emulator.cgroup import Cgroup, home_near, own_folder

V2 = "35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 rw,nsdelegate\n"
V1_MEMORY = "36 32 0:33 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n"
BESIDE_V1 = "40 32 0:37 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"
OF_A_CONTAINER = "950 943 0:30 /docker/4f1e /sys/fs/cgroup ro,nosuid - cgroup2 cgroup rw\n"
SCOPE = "/user.slice/user-1000.slice/user@1000.service/app.slice/term-7.scope"


@pytest.mark.parametrize(
    ("cgroups", "mounts", "expected"),
    [
        (f"0::{SCOPE}\n", V2, f"/sys/fs/cgroup{SCOPE}"),
        ("0::/\n", V2, "/sys/fs/cgroup"),
        ("4:memory:/process\n3:cpu:/\n0::/\n", V1_MEMORY + BESIDE_V1, "/sys/fs/cgroup/unified"),
        ("4:memory:/process\n", V1_MEMORY, None),
        ("0::/docker/4f1e/inner\n", OF_A_CONTAINER, "/sys/fs/cgroup/inner"),
        ("0::/docker/4f1e\n", OF_A_CONTAINER, "/sys/fs/cgroup"),
        ("0::/elsewhere\n", OF_A_CONTAINER, None),
        ("0::/../../somewhere\n", V2, None),
    ],
)
def test_the_own_group_is_found(cgroups, mounts, expected):
    assert own_folder(cgroups, mounts) == (Path(expected) if expected else None)


def group(folder, controllers):
    folder.mkdir()
    (folder / "cgroup.subtree_control").write_text(f"{controllers}\n")
    (folder / "cgroup.procs").touch()
    return folder


@pytest.mark.parametrize(
    ("around", "own", "home"),
    [
        ("cpu memory pids", "", "around"),
        ("cpu memory pids", "memory", "around/own"),
        ("cpu pids", "", None),
        ("", "", None),
    ],
)
def test_groups_are_made_where_memory_is_counted(tmp_path, around, own, home):
    group(tmp_path / "around", around)
    found = home_near(group(tmp_path / "around" / "own", own))
    assert found == (tmp_path / home if home else None)


def test_the_file_system_s_root_has_no_group_around_it(tmp_path):
    assert home_near(group(tmp_path / "own", "")) is None


def test_what_a_group_holds_is_what_the_kernel_tells_of_it(tmp_path):
    made = Cgroup(tmp_path)
    [folder] = tmp_path.iterdir()
    assert (made.is_entered(), made.held_bytes()) == (False, 0)
    (folder / "memory.stat").write_text(
        "anon 104857600\nfile 9000000\nkernel 200000\nshmem 7000000\nfile_mapped 4096\nfile_dirty 0\ninactive_anon 3\n"
    )
    (folder / "cgroup.procs").write_text("4711\n")
    assert (made.is_entered(), made.held_bytes()) == (True, 104857600 + 4096)


def test_a_group_goes_when_it_is_done_with(tmp_path):
    Cgroup(tmp_path).remove()
    assert list(tmp_path.iterdir()) == []
