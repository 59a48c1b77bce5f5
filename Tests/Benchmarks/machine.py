"""What the figures were measured on, in words that name nobody and no place."""

import os
import platform
import re
from pathlib import Path


def processor():
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()


def memory():
    kibibytes = int(re.search(r"MemTotal:\s+(\d+)", Path("/proc/meminfo").read_text(encoding="ascii"))[1])
    return f"{kibibytes / 2**20:.1f} GiB"


def filesystem(folder):
    """The type of the file system that a folder is on, ext4 say."""
    path, best, kind = str(Path(folder).resolve()), "", "unknown"
    for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines():
        _, place, found = line.split()[:3]
        inside = path == place or path.startswith(place.rstrip("/") + "/")
        if inside and len(place) >= len(best):
            best, kind = place, found
    return kind


def system():
    text = Path("/etc/os-release").read_text(encoding="utf-8") if Path("/etc/os-release").exists() else ""
    found = re.search(r'^PRETTY_NAME="?([^"\n]+)', text, re.MULTILINE)
    return found[1] if found else platform.system()


def description(folder, versions, flush):
    """Rows of a table. `versions` are those of the databases; `flush`: microseconds of 4 KiB onto the disk."""
    return {
        "processor": f"{processor()}, {len(os.sched_getaffinity(0))} cores to run on",
        "memory": memory(),
        "system": f"{system()}, Linux {platform.release()}",
        "disk": f"{filesystem(folder)}; 4 KiB written and flushed in {flush} µs (median, before the first measure)",
        "databases": ", ".join(versions),
    }
