"""What cmake/hardening.cmake asks for, read back from the built daemon with binutils."""

import os
import pathlib
import platform
import re
import shutil
import subprocess
import unittest

DISTRICTD = pathlib.Path(os.environ["DISTRICTD"])


def build_type():
    """The CMAKE_BUILD_TYPE of the daemon under test; "installed" where it stands in no build's folder."""
    cache = DISTRICTD.parent.parent / "CMakeCache.txt"
    if not cache.is_file():
        return "installed"
    return re.search(r"^CMAKE_BUILD_TYPE:\w+=(.*)", cache.read_text(), re.MULTILINE)[1]


def readelf(*options):
    done = subprocess.run(["readelf", "--wide", *options, str(DISTRICTD)],
                          capture_output=True, text=True, check=True)
    return done.stdout


@unittest.skipUnless(build_type() in ("installed", "Release", "RelWithDebInfo", "MinSizeRel"),
                     "neither optimised nor installed; the sanitizers' builds have their own checks")
@unittest.skipUnless(shutil.which("readelf"), "no readelf. Next: apt-get install binutils")
class Hardening(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # "  LOAD  0x... 0x... 0x... 0x... 0x... R E 0x1000" -> ("LOAD", "R E")
        cls.segments = re.findall(r"^ +(\w+) +(?:0x[0-9a-f]+ +){5}([R ][W ][E ]) ",
                                  readelf("--program-headers"), re.MULTILINE)
        cls.dynamic = readelf("--dynamic")
        cls.imports = set(re.findall(r" UND (\w+)", readelf("--dyn-syms")))

    def test_program_lies_at_a_random_address(self):
        self.assertRegex(readelf("--file-header"), r"Type: +DYN ")
        self.assertRegex(self.dynamic, r"\(FLAGS_1\).* PIE")
        self.assertNotIn("TEXTREL", self.dynamic)

    def test_linked_addresses_are_read_only_once_the_program_runs(self):
        self.assertIn("GNU_RELRO", [name for name, _ in self.segments])
        self.assertRegex(self.dynamic, r"\(FLAGS(_1)?\).*\b(BIND_NOW|NOW)\b")

    def test_no_memory_is_both_written_and_executed(self):
        self.assertIn(("LOAD", "R E"), self.segments)  # the pattern reads what readelf prints
        self.assertEqual([flags for name, flags in self.segments if name == "GNU_STACK"], ["RW "])
        self.assertEqual([one for one in self.segments if "W" in one[1] and "E" in one[1]], [])

    def test_frames_end_in_a_canary(self):
        self.assertIn("__stack_chk_fail", self.imports)

    def test_calls_of_the_c_library_know_the_size_of_their_buffer(self):
        fortified = {name for name in self.imports if re.fullmatch(r"__\w+_chk", name)}
        self.assertTrue(fortified & {"__memcpy_chk", "__memmove_chk", "__read_chk", "__pread_chk"},
                        f"only {sorted(fortified)}")

    def test_bounds_of_containers_are_checked(self):
        self.assertTrue([name for name in self.imports if "__glibcxx_assert_fail" in name])

    @unittest.skipUnless(platform.machine() == "x86_64", "-fcf-protection is x86's")
    def test_functions_begin_where_an_indirect_jump_may_land(self):
        body = subprocess.run(["objdump", "--disassemble=main", str(DISTRICTD)],
                              capture_output=True, text=True, check=True).stdout
        self.assertRegex(body, r"<main>:\n[^\n]*endbr64")


if __name__ == "__main__":
    unittest.main()
