"""The house guards itself: which room includes which, how long a function gets, that a helper and a type
stand once, and that each mutex says what it guards. Reads the sources; needs no build."""

import collections
import re
import unittest

import exceptions
import rooms
import source

HOUSE = ("base", "collectors", "daemon")


def place(one):
    return f"{one.file}:{one.line}"


class Case(unittest.TestCase):
    def assert_none(self, wrong, then):
        """Fails with a line for each of `wrong`, and what to do."""
        wrong = sorted(wrong)
        if wrong:
            self.fail("\n  ".join(["", *wrong, f"Next: {then}"]))


class Rooms(Case):
    @classmethod
    def setUpClass(cls):
        cls.libraries = rooms.libraries()
        cls.includes = rooms.all_includes()
        cls.arrows = rooms.arrows(cls.libraries)
        cls.listed = rooms.listed()

    def test_every_room_is_a_library(self):
        found = {rooms.room_of(file) for file in source.files(*HOUSE)}
        self.assertEqual(found - {one.room for one in self.libraries.values()}, set(),
                         "no CMakeLists.txt has a district_module() for these")

    def test_every_source_is_compiled_once(self):
        compiled = collections.Counter(
            file for one in self.libraries.values() for file in one.sources)
        self.assertEqual(set(source.files(*HOUSE, suffixes=(".cpp",))) - compiled.keys(), set(),
                         "no CMakeLists.txt compiles these")
        self.assertEqual([file for file, count in compiled.items() if count > 1], [])

    def test_what_is_included_exists(self):
        missing = [f"{place(one)}: {one.header} does not exist" for one in self.includes
                   if not (source.REPOSITORY / one.header).is_file()]
        self.assert_none(missing, "mend the path")
        self.assertGreater(len(self.includes), 300)  # the pattern finds them

    def test_depends_names_what_is_included_and_nothing_else(self):
        wrong = []
        for name, needed in rooms.needed(self.libraries).items():
            one = self.libraries[name]
            wrong += [f"{place(include)} includes {include.header}, and {one.folder}/CMakeLists.txt does "
                      f"not let {name} depend on district_{other}"
                      for other, include in needed.items() if other not in one.depends]
            wrong += [f"{one.folder}/CMakeLists.txt: {name} includes nothing of district_{other}"
                      for other in one.depends - needed.keys()]
        self.assert_none(wrong, "tests/house/rooms.py mend, if the arrow is meant")

    def test_depends_is_what_the_architecture_lists(self):
        wrong = [f"{room} depends on {other}" for room, to in self.arrows.items()
                 for other in to - set(self.listed.get(room, []))]
        wrong += [f"{room} no longer depends on {other}" for room, to in self.listed.items()
                  for other in set(to) - self.arrows.get(room, set())]
        self.assert_none(wrong, f"{rooms.ARCHITECTURE} says otherwise: leave the arrow out, or put into "
                         "its list what tests/house/rooms.py prints")

    def test_arrows_point_down(self):
        above = set(self.listed)
        for room, to in self.listed.items():
            above.discard(room)
            with self.subTest(room):
                self.assertEqual(set(to) & (above | {room}), set(),
                                 "these stand at its height or above it: the arrow points up")
        self.assertEqual(set(self.arrows) - set(rooms.bottom_up(self.arrows)), set(),
                         "these depend on each other in a circle")

    def test_the_ground_floor_stands_by_itself_and_collectors_on_it_alone(self):
        below = {"base": {"base"}, "collectors": {"base", "collectors"}}
        wrong = [f"{place(one)} includes {one.header}" for one in self.includes
                 if rooms.room_of(one.header) not in below.get(rooms.room_of(one.file), (
                     rooms.room_of(one.header),))]
        self.assert_none(wrong, "what both need belongs into base/")


class Functions(Case):
    @classmethod
    def setUpClass(cls):
        cls.functions = [one for file in source.files(*HOUSE) for one in source.read(file)[1]]

    def test_none_is_too_long(self):
        long = {(one.file, one.name): one for one in self.functions
                if one.lines > exceptions.LONGEST_FUNCTION}
        wrong = [f"{place(one)}: {one.name} has {one.lines} lines" for key, one in long.items()
                 if key not in exceptions.LONG_FUNCTIONS]
        self.assert_none(wrong, f"at most {exceptions.LONGEST_FUNCTION} lines: name its steps, or say in "
                         "exceptions.LONG_FUNCTIONS why it is one")
        self.assert_none(map(str, exceptions.LONG_FUNCTIONS.keys() - long.keys()),
                         "take them out of exceptions.LONG_FUNCTIONS: they are short by now")

    def test_a_local_helper_stands_once(self):
        places = collections.defaultdict(dict)
        for one in self.functions:
            if one.is_local and not one.is_member:
                places[one.name, one.parameters].setdefault(one.file, one)
        twins = {key: found for key, found in places.items() if len(found) > 1}
        wrong = [f"{name}({', '.join(parameters)}): {', '.join(map(place, found.values()))}"
                 for (name, parameters), found in twins.items()
                 if (name, parameters) not in exceptions.SAME_NAMES]
        self.assert_none(wrong, "one function in a room below both, or two names, or a reason in "
                         "exceptions.SAME_NAMES")
        self.assert_none(map(str, exceptions.SAME_NAMES.keys() - twins.keys()),
                         "take them out of exceptions.SAME_NAMES: they stand once by now")


class Types(Case):
    def test_a_type_is_defined_once(self):
        places = collections.defaultdict(dict)
        for file in source.files(*HOUSE, "tests"):
            for one in source.read(file)[0]:
                if not one.is_local:
                    places[one.name].setdefault(one.file, one)
        twins = {name: found for name, found in places.items() if len(found) > 1}
        wrong = [f"{name}: {', '.join(map(place, found.values()))}" for name, found in twins.items()
                 if name not in exceptions.SAME_TYPES]
        self.assert_none(wrong, "one definition, two names, or an anonymous namespace: a program with both "
                         "is undefined")
        self.assert_none(exceptions.SAME_TYPES.keys() - twins.keys(),
                         "take them out of exceptions.SAME_TYPES: they stand once by now")


class Mutexes(Case):
    ANNOTATED = "base/thread_annotations.h"

    def test_each_is_one_that_clang_follows(self):
        raw = re.compile(r"\bstd::(?:\w*mutex|lock_guard|unique_lock|scoped_lock|condition_variable)\b")
        wrong = [f"{file}: {word}" for file in source.files(*HOUSE) if file != self.ANNOTATED
                 for word in raw.findall(source.plain((source.REPOSITORY / file).read_text()))]
        self.assert_none(wrong, f"Mutex and MutexLock of {self.ANNOTATED}, with "
                         "std::condition_variable_any")

    def test_each_says_what_it_guards(self):
        found, idle = 0, []
        for file in source.files(*HOUSE):
            text = source.plain((source.REPOSITORY / file).read_text())
            for name in re.findall(r"\bMutex (\w+);", text):
                found += 1
                if f" GUARDED_BY({name})" not in text:
                    idle.append(f"{file}: {name} guards nothing")
        self.assert_none(idle, "GUARDED_BY behind the members that it guards")
        self.assertGreater(found, 0)


class Ports(Case):
    """Time, waiting, files and connections come from base/ports alone: docs/decisions/ports.md."""
    RAW = re.compile(
        r"\b(?:system_clock|steady_clock|\w*Clock)::now\s*\(|\bclock_gettime\b|\bstd::time\s*\(|\bBIO_new_file\b|\bsteady_timer\b|\bwait_(?:for|until)\s*\((?=[^)]*lock|mutex_)"
        r"|\.wait_(?:for|until)\s*\(|\bsleep_for\b|\bstd::[io]?fstream\b|(?<![\w:])::open(?:at)?\s*\(|\bfopen\s*\("
        r"|\btcp::(?:socket|acceptor|resolver)\b|(?<!\w)::socket\s*\(|(?<!\w)::connect\s*\(|(?<!\w)::poll\s*\(")

    def test_nothing_goes_round_them(self):
        found = {(file, word.strip(" (")) for file in source.files(*HOUSE)
                 if not file.startswith("base/ports/")
                 for word in self.RAW.findall(source.plain((source.REPOSITORY / file).read_text()))}
        self.assert_none([f"{file}: {word}" for file, word in found - exceptions.PAST_THE_PORTS.keys()],
                         "call what base/ports/ has for it, or say in exceptions.PAST_THE_PORTS why not")
        self.assert_none([f"{file}: {word}" for file, word in exceptions.PAST_THE_PORTS.keys() - found],
                         "take them out of exceptions.PAST_THE_PORTS: they are gone")


if __name__ == "__main__":
    unittest.main()
