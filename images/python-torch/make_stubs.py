# SPDX-License-Identifier: Apache-2.0
"""Takes the GPU out of an installed torch: replaces CUDA's libraries, and torch's own kernels for them, by empty libraries of the same names.

PyPI's torch for Linux is built for CUDA and does not load without its libraries, though nothing of them runs on a CPU. What is left of them
here is what the loader looks for: the names, and every symbol that something refers to. CUDA's functions answer "no device" (100), so
that torch finds no GPU; torch's own functions for GPUs stop the process, because nothing can call them where there is none.
Needs readelf and gcc. Usage: make_stubs.py SITE_PACKAGES
"""

import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

# torch's kernels for GPUs: the first is linked against, the others are opened only where a GPU is
REPLACED = ["libtorch_cuda.so"]
REMOVED = ["libtorch_cuda_linalg.so", "libtorch_nvshmem.so", "libcaffe2_nvrtc.so"]
CUDA = re.compile(r"^lib(cu|nv|nccl)")
NO_DEVICE = 100
# what torch does call while it is loaded: a variable whose address it asks for, and an object that stands for a default in Python's bindings
SLOT = re.compile(r"get_gil_checker")
CONSTRUCTOR = re.compile(r"^_Z(?P<type>N.+ProcessGroupNCCL7Options)C[12]Eb$")
CLASS = "_ZTVN10__cxxabiv117__class_type_infoE"


class Symbol(NamedTuple):
    name: str
    version: str
    kind: str
    size: int
    weak: bool
    defined: bool


def output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def symbols_of(library: Path) -> list[Symbol]:
    """What readelf tells of the dynamic symbols: number, value, size, type, binding, visibility, section, name@version."""
    symbols = []
    for line in output("readelf", "--dyn-syms", "--wide", str(library)).splitlines():
        words = line.split()
        if len(words) >= 8 and words[0].rstrip(":").isdigit() and words[4] in ("GLOBAL", "WEAK", "UNIQUE"):
            name, _, version = words[7].partition("@")
            symbols.append(Symbol(name, version.lstrip("@"), words[3], int(words[2], 0), words[4] == "WEAK", words[6] != "UND"))
    return symbols


def needed_by(library: Path) -> list[str]:
    return re.findall(r"\(NEEDED\).*\[(.+?)\]", output("readelf", "--dynamic", "--wide", str(library)))


def files_of_versions(library: Path) -> dict[str, str]:
    """Which library a symbol's version is asked of."""
    files: dict[str, str] = {}
    file = ""
    for line in output("readelf", "--version-info", "--wide", str(library)).splitlines():
        if named := re.search(r"File: (\S+)", line):
            file = named[1]
        elif version := re.search(r"\bName: (\S+)\s+Flags", line):
            files[version[1]] = file
    return files


def body_of(function: str) -> str:
    if SLOT.search(function):
        return "static char slot[64]; return slot;"
    if constructed := CONSTRUCTOR.match(function):
        return f'{type_of("static", "type", constructed["type"] + "E")} static void *table[18] = {{ 0, type, [2 ... 17] = nothing }}; *(void **)self = table + 2;'
    return "__builtin_trap();"


def type_of(linkage: str, symbol: str, name: str, words: int = 2) -> str:
    """A class's type information, which needs its name: by that, Python's bindings register the class."""
    return f'extern char {CLASS}[]; {linkage} void *{symbol}[{words}] = {{ {CLASS} + 16, "{name}" }};'


def object_of(name: str, size: int) -> str:
    """Type information; anything else, such as a table of virtual functions, stays empty."""
    if name.startswith("_ZTI"):
        return type_of("", name, name[4:], max(size // 8, 2))
    return f"char {name}[{max(size, 8)}] __attribute__((aligned(16)));"


def build(target: Path, functions: dict[str, str], objects: dict[str, int], versions: dict[str, set[str]]) -> None:
    """One library: functions by the statement that they consist of, objects by their size, and the versions that symbols carry."""
    lines = ["static void nothing(void) {}"]
    lines += [f"void *{name}(void *self) {{ {body} }}" for name, body in sorted(functions.items())]
    lines += [object_of(name, size) for name, size in sorted(objects.items())]
    with tempfile.TemporaryDirectory() as folder:
        source, script = Path(folder, "stub.c"), Path(folder, "stub.map")
        source.write_text("\n".join(lines) + "\n")
        script.write_text("".join(f"{version} {{ global: {' '.join(f'{name};' for name in sorted(names))} }};\n" for version, names in sorted(versions.items())))
        options = [f"-Wl,--version-script={script}"] if versions else []
        subprocess.run(["gcc", "-w", "-O1", "-fno-builtin", "-shared", "-fPIC", f"-Wl,-soname,{target.name}", *options, "-o", str(target), str(source)], check=True)


def system_symbols(libraries: list[Path]) -> set[str]:
    """What the C library and its kind define, so that it is not stubbed."""
    cached = dict(re.findall(r"^\s+(\S+) \(libc6.*=> (\S+)$", output("/sbin/ldconfig", "-p"), re.MULTILINE))
    names = {name for library in libraries for name in needed_by(library)} & cached.keys()
    return {symbol.name for name in names for symbol in symbols_of(Path(cached[name])) if symbol.defined}


def replace_kernels(folder: Path) -> list[str]:
    """The libraries of torch itself; returns what the replaced ones were linked against, for the record."""
    for name in REMOVED:
        (folder / name).unlink(missing_ok=True)
    for name in REPLACED:
        defined = {symbol.name: symbol for symbol in symbols_of(folder / name) if symbol.defined}
        others = [library for library in sorted(folder.glob("*.so*")) if library.name != name]
        wanted = {symbol.name for library in others for symbol in symbols_of(library) if not symbol.defined} & defined.keys()
        functions = {name: body_of(name) for name in wanted if defined[name].kind in ("FUNC", "IFUNC")}
        objects = {name: defined[name].size for name in wanted if name not in functions}
        (folder / name).unlink()
        build(folder / name, functions, objects, {})
        print(f"{name}: {len(functions)} functions, {len(objects)} objects")
    return REPLACED


def stub_missing(folder: Path, site: Path) -> None:
    """CUDA's own libraries, which are not installed at all."""
    libraries = [*sorted(folder.glob("*.so*")), *sorted((site / "torch").glob("_C*.so"))]
    missing = sorted({name for library in libraries for name in needed_by(library) if CUDA.match(name) and not (folder / name).exists()})
    by_file: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    unversioned: set[str] = set()
    defined: set[str] = set()
    for library in libraries:
        files = files_of_versions(library)
        for symbol in symbols_of(library):
            if symbol.defined:
                defined.add(symbol.name)
            elif files.get(symbol.version) in missing:
                by_file[files[symbol.version]][symbol.version].add(symbol.name)
            elif not symbol.version and not symbol.weak and not symbol.name.startswith(("Py", "_Py")):
                unversioned.add(symbol.name)
    rest = unversioned - defined - system_symbols(libraries)
    for position, name in enumerate(missing):
        names = set().union(*by_file[name].values()) | (rest if position == 0 else set())
        build(folder / name, {symbol: f"return (void *){NO_DEVICE};" for symbol in names}, {}, by_file[name])
        print(f"{name}: {len(names)} functions")


def main(site: Path) -> None:
    folder = site / "torch" / "lib"
    before = sum(os.path.getsize(library) for library in folder.glob("*.so*"))
    replace_kernels(folder)
    stub_missing(folder, site)
    after = sum(os.path.getsize(library) for library in folder.glob("*.so*"))
    print(f"{before / 1e6:.0f} MB of libraries became {after / 1e6:.0f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
