"""The rooms of the house (a folder with a CMakeLists.txt below base/, collectors/ and daemon/), what they
include, what CMake says they depend on, and what docs/architecture.md lets them include.

    tests/house/rooms.py          prints the list for docs/architecture.md as the CMake files have it
    tests/house/rooms.py mend     writes into each DEPENDS what is included, no more and no less
"""

import dataclasses
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from source import REPOSITORY, files  # noqa: E402

ARCHITECTURE = "docs/architecture.md"
PROGRAM = "districtd"


@dataclasses.dataclass
class Library:
    name: str        # the CMake target without "district_", as in DEPENDS
    room: str        # "base", "collectors", "domain", ...; "main" for the program
    folder: str
    sources: list    # relative to the repository's root
    depends: set     # other libraries of the house


@dataclasses.dataclass(frozen=True)
class Include:
    file: str
    line: int
    header: str


def room_of(file):
    """"daemon/store/writer.h" -> "store"; "base/text.h" -> "base"; "daemon/main.cpp" -> "main"."""
    parts = file.split("/")
    if parts[0] != "daemon":
        return parts[0]
    return parts[1] if len(parts) > 2 else "main"


def libraries():
    """Every library of the house and the program, by name."""
    found = {}
    lists = ["base/CMakeLists.txt", "collectors/CMakeLists.txt", "daemon/CMakeLists.txt",
             *sorted(str(path.relative_to(REPOSITORY))
                     for path in REPOSITORY.glob("daemon/*/CMakeLists.txt"))]
    for file in lists:
        folder = file.rpartition("/")[0]
        text = re.sub(r"#[^\n]*", "", (REPOSITORY / file).read_text())
        for words in re.findall(r"\bdistrict_module\s*\(([^()]*)\)", text):
            name, _, rest = words.strip().replace("\n", " ").partition(" ")
            sources, _, depends = rest.partition("DEPENDS")
            found[name] = Library(name, room_of(f"{folder}/x"), folder,
                                  [f"{folder}/{one}" for one in sources.split()[1:]],
                                  set(re.findall(r"\bdistrict_(\w+)", depends)))
        of_folder = [one for one in found.values() if one.folder == folder]
        for one in of_folder:
            if any(re.fullmatch(r".*/\$\{\w+\}", name) for name in one.sources):  # a file(GLOB)
                listed_ones = {name for other in of_folder for name in other.sources}
                one.sources += [name for name in files(folder, suffixes=(".cpp",))
                                if name not in listed_ones]
        for words in re.findall(rf"\btarget_link_libraries\s*\({PROGRAM} ([^()]*)\)", text):
            found[PROGRAM] = Library(PROGRAM, "main", folder, [f"{folder}/main.cpp"],
                                     set(re.findall(r"\bdistrict_(\w+)", words)))
    return found


def libraries_of(file, all_libraries):
    """The names of those that compile the file, or the .cpp beside a header; of a header without one
    those that compile a file of its folder, else all of its room."""
    source = re.sub(r"\.h$", ".cpp", file)
    folder = file.rpartition("/")[0]
    of_room = {one.name for one in all_libraries.values() if one.room == room_of(file)}
    of_folder = {name for name in of_room
                 if any(one.rpartition("/")[0] == folder for one in all_libraries[name].sources)}
    return {name for name in of_room if source in all_libraries[name].sources} or of_folder or of_room


def includes(file):
    """The project's headers that a file includes."""
    text = (REPOSITORY / file).read_text()
    return [Include(file, text.count("\n", 0, found.start()) + 1, found[1])
            for found in re.finditer(r'^#include "((?:base|collectors|daemon)/[^"]+)"', text, re.MULTILINE)]


def all_includes():
    return [one for file in files("base", "collectors", "daemon") for one in includes(file)]


def arrows(all_libraries):
    """room -> the rooms that its libraries depend on."""
    found = {}
    for one in all_libraries.values():
        to = {all_libraries[name].room for name in one.depends if name in all_libraries}
        found.setdefault(one.room, set()).update(to - {one.room})
    return found


def bottom_up(all_arrows):
    """The rooms in an order in which each names only rooms before it; a cycle's rooms are left out."""
    order, left = [], dict(sorted(all_arrows.items()))
    while ready := [room for room, to in left.items() if to <= set(order)]:
        order += ready
        for room in ready:
            del left[room]
    return order


def listed():
    """room -> the rooms that it may include, in the order of docs/architecture.md."""
    text = (REPOSITORY / ARCHITECTURE).read_text()
    block = re.search(r"<!-- rooms:[^>]*-->\n\n```\n(.*?)```", text, re.DOTALL)
    if block is None:
        raise AssertionError(f"{ARCHITECTURE} has no list of rooms. Next: the comment <!-- rooms: ... -->, "
                             "an empty line and in a code block what tests/house/rooms.py prints")
    found = {}
    room = ""
    for line in block[1].splitlines():
        name, _, words = line.rpartition(":")
        room = name.strip() or room  # a line that goes on has no name
        found.setdefault(room, []).extend(words.split())
    return found


def block(all_arrows):
    """The list for docs/architecture.md."""
    order = bottom_up(all_arrows)
    lines = []
    for room in order:
        line = f"{room}:"
        for one in sorted(all_arrows[room], key=order.index):
            if len(line) + len(one) + 1 > 96:
                lines.append(line)
                line = " " * len(room) + " "
            line += f" {one}"
        lines.append(line)
    return "\n".join(lines)


def needed(all_libraries):
    """library -> {library that it has to name in DEPENDS: the first include that says so}"""
    found = {name: {} for name in all_libraries}
    for one in all_includes():
        users, makers = libraries_of(one.file, all_libraries), libraries_of(one.header, all_libraries)
        for user in users:
            # A header without a .cpp belongs to all libraries of its room: any of them will do.
            if user not in makers and not found[user].keys() & makers:
                known = sorted(makers & all_libraries[user].depends) or sorted(makers)
                found[user][known[0]] = one
    return found


def mend():
    all_libraries = libraries()
    order = bottom_up(arrows(all_libraries))
    for name, wanted in needed(all_libraries).items():
        one = all_libraries[name]
        path = REPOSITORY / one.folder / "CMakeLists.txt"
        if one.room == "main" or wanted.keys() == one.depends:
            continue
        text = path.read_text()
        found = re.search(rf"district_module\({name}\s[^()]*?DEPENDS ([^()]*)\)", text)
        if found is None:
            print(f"{path}: district_module({name} ...) has no DEPENDS. Next: write it")
            continue
        rank = {room: at for at, room in enumerate(order)}
        house = sorted(sorted(wanted), key=lambda other: rank.get(all_libraries[other].room, len(rank)))
        others = [word for word in found[1].split() if not word.startswith("district_")]
        column = found.start(1) - text.rfind("\n", 0, found.start(1)) - 1
        lines = [""]
        for word in [f"district_{other}" for other in house] + others:
            if lines[-1] and column + len(lines[-1]) + len(word) > 98:
                lines.append("")
            lines[-1] += (" " if lines[-1] else "") + word
        path.write_text(text[:found.start(1)] + ("\n" + " " * column).join(lines) + text[found.end(1):])
        print(f"{path.relative_to(REPOSITORY)}: {name} depends on {' '.join(house)}")


if __name__ == "__main__":
    if sys.argv[1:] == ["mend"]:
        mend()
    else:
        print(block(arrows(libraries())))
