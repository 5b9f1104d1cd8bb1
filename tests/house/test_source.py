"""The reader of C++ behind the house's rules, on samples of what it has to tell apart."""

import unittest

import source

SAMPLE = '''
#include "base/text.h"
#define BRACE {
namespace districtd {
namespace {
// A brace in a comment { and in "a string {" and 'c'.
constexpr std::array kWords = {"{", R"x( { )x"};
const char kBrace = '{';
constexpr int kMany = 1'000'000;

struct Local {
  int value = 0;
  int twice() const { return 2 * value; }
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class T, class = std::enable_if_t<true>>
std::optional<T> first_of(const std::vector<T>& all, unsigned from = 0,
                          const std::function<bool(int, int)>& wanted = {}) {
  for (const T& one : all) {
    if (wanted) {
      return one;
    }
  }
  return std::nullopt;
}
}  // namespace

class CAPABILITY("mutex") Lock final : public Base<int> {
 public:
  explicit Lock(int a) : a_{a}, b_(a), c_{a, {1, 2}} {
    use(a);
  }
  bool operator==(const Lock&) const = default;
  Lock& operator=(const Lock& other) { return *this; }
  struct Inner { int a; };

 private:
  int a_ = 0;
};

enum class Light : int { red, green };
namespace extract {
struct Row {};
}  // namespace extract

static void say(std::string_view) REQUIRES(mutex_) {
  const auto inner = [](int a) {
    return a;
  };
}
Lock::Result<int> Lock::held(const Row* row, std::int64_t) const {}
}  // namespace districtd
'''


class Source(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.types, cls.functions = source.parse("sample.cpp", SAMPLE)

    def test_types_have_their_namespace_and_nested_ones_are_left_out(self):
        self.assertEqual([(one.name, one.is_local) for one in self.types],
                         [("districtd::Local", True), ("districtd::Lock", False),
                          ("districtd::Light", False), ("districtd::extract::Row", False)])

    def test_functions_have_their_parameters_types(self):
        self.assertEqual(
            [(one.name, one.parameters) for one in self.functions],
            [("twice", ()), ("is_digit", ("char",)),
             ("first_of", ("const std::vector<T>&", "unsigned", "const std::function<bool(int, int)>&")),
             ("Lock", ("int",)), ("operator_", ("const Lock&",)), ("say", ("std::string_view",)),
             ("Lock::held", ("const Row*", "std::int64_t"))])

    def test_functions_have_their_length(self):
        lines = {one.name: one.lines for one in self.functions}
        self.assertEqual((lines["is_digit"], lines["first_of"], lines["Lock"], lines["say"]),
                         (1, 8, 3, 5))

    def test_only_what_no_other_file_sees_is_local(self):
        self.assertEqual({one.name for one in self.functions if one.is_local and not one.is_member},
                         {"is_digit", "first_of", "say"})

    def test_lines_stay_where_they_are(self):
        at = {one.name: one.line for one in self.types}
        self.assertEqual(SAMPLE.splitlines()[at["districtd::Light"] - 1],
                         "enum class Light : int { red, green };")

    def test_a_brace_too_many_is_an_error(self):
        with self.assertRaisesRegex(ValueError, "sample.cpp:1"):
            source.parse("sample.cpp", "int f() {}}")
        with self.assertRaisesRegex(ValueError, "not closed"):
            source.parse("sample.cpp", "int f() {")


if __name__ == "__main__":
    unittest.main()
