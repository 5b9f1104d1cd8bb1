// [[check]] of a catalogue file: what is read, and what is found at which place.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "daemon/config/catalogue_file.h"

namespace districtd {
namespace {

// Lines 1 to 45 are a report, a department and four targets; the check begins on line 46.
std::string catalogue(const std::string& check) {
  std::string text =
      "[report]\nid = \"r\"\npublisher = \"p\"\npublished = 2026-03-06\ntitle = \"t\"\n"
      "[[department]]\nid = \"d\"\nname = \"区某局\"\n";
  const auto target = [&](const char* id, const char* kind, const char* more) {
    text += "[[target]]\nid = \"d." + std::string(id) + "\"\nname = \"" + id + "\"\nkind = \"" +
            kind +
            "\"\nstart = 2026-01-01\ndeadline = 2026-12-31\nsection = \"区某局\"\nquote = \"q\"\n" +
            more;
  };
  target("a", "cumulative", "goal = 30\nunit = \"亿元\"\n");
  target("b", "cumulative", "goal = 30\nunit = \"万元\"\n");
  target("c", "cumulative", "goal = 30\nunit = \"名\"\n");
  target("p", "pledge", "");
  return text + "[[check]]\n" + check;
}

Result<LoadedCatalogue, Findings> load(const std::string& check) {
  return parse_catalogue({{CatalogueSource::Role::targets, "t.toml", catalogue(check)}});
}

TEST(CheckTableTest, IsReadWithItsDefaults) {
  const auto loaded = load("left = [\"d.b\"]\nop = \"<=\"\nright = [\"d.a\"]\n");
  ASSERT_TRUE(loaded) << loaded.error().front().message;
  const auto& checks = loaded->catalogue.programmes().at(0).checks;
  ASSERT_EQ(checks.size(), 1U);
  EXPECT_EQ(
      checks[0],
      (FigureCheck{"d.b <= d.a", {"d.b"}, CheckOp::at_most, {"d.a"}, CheckSeverity::ask, ""}));
  const auto named = load(
      "name = \"n\"\nleft = [\"d.b\"]\nop = \">\"\nright = [\"d.a\"]\nseverity = \"refuse\"\n"
      "message = \"m\"\n");
  ASSERT_TRUE(named) << named.error().front().message;
  EXPECT_EQ(named->catalogue.programmes().at(0).checks.at(0),
            (FigureCheck{"n", {"d.b"}, CheckOp::more, {"d.a"}, CheckSeverity::refuse, "m"}));
}

TEST(CheckTableTest, EachFaultIsFoundAtItsPlace) {
  struct Fault {
    const char* check;
    int line;  // behind [[check]]
    int column;
    const char* says;
  };
  const auto first_line = [] {
    const std::string text = catalogue("");
    return static_cast<int>(std::count(text.begin(), text.end(), '\n'));
  }();
  for (const Fault& fault :
       {Fault{"left = [\"d.x\"]\nop = \"<=\"\nright = [\"d.a\"]\n", 1, 8,
              "no target of the programme '2026'"},
        Fault{"left = [\"d.a\"]\nop = \"<=\"\nright = [\"d.c\"]\n", 3, 9, "in 名"},
        Fault{"left = [\"d.a\"]\nop = \"<=\"\nright = [\"d.p\"]\n", 3, 9, "a pledge"},
        Fault{"left = [\"d.a\"]\nop = \"<=\"\nright = [\"d.a\"]\n", 3, 9, "twice"},
        Fault{"left = []\nop = \"<=\"\nright = [\"d.a\"]\n", 1, 8, "names no target"},
        Fault{"left = [\"d.a\"]\nop = \"<=\"\n", 0, 1, "'right' in [[check]] names no target"},
        Fault{"left = [\"d.a\"]\nop = \"=<\"\nright = [\"d.b\"]\n", 2, 6, "<="},
        Fault{"left = [\"d.a\"]\nright = [\"d.b\"]\n", 0, 1, "'op' in [[check]] is missing"},
        Fault{"left = [\"d.a\"]\nop = \"<\"\nright = [\"d.b\"]\nseverity = \"warn\"\n", 4, 12,
              "refuse"},
        Fault{"left = [\"d.a\"]\nop = \"<\"\nright = [\"d.b\"]\n[[check]]\nleft = [\"d.a\"]\nop = "
              "\"<\"\n"
              "right = [\"d.b\"]\n",
              4, 1, "are called 'd.a < d.b'"}}) {
    const auto loaded = load(fault.check);
    ASSERT_FALSE(loaded) << fault.check;
    const Finding& finding = loaded.error().front();
    EXPECT_EQ(static_cast<int>(finding.line), first_line + fault.line) << finding.message;
    EXPECT_EQ(static_cast<int>(finding.column), fault.column) << finding.message;
    EXPECT_NE(finding.message.find(fault.says), std::string::npos) << finding.message;
  }
}

TEST(CheckTableTest, ACheckMayNameTargetsOfAnotherFileOfItsProgramme) {
  std::string one = catalogue("left = [\"e.z\"]\nop = \"<=\"\nright = [\"d.a\"]\n");
  const std::string other =
      "[report]\nid = \"s\"\npublisher = \"p\"\npublished = 2026-03-06\ntitle = \"t\"\n"
      "[[department]]\nid = \"e\"\nname = \"区他局\"\n[[target]]\nid = \"e.z\"\nname = \"z\"\n"
      "kind = \"cumulative\"\ngoal = 3\nunit = \"亿元\"\nstart = 2026-01-01\ndeadline = "
      "2026-12-31\n"
      "section = \"区他局\"\nquote = \"q\"\n";
  const auto loaded = parse_catalogue({{CatalogueSource::Role::targets, "t.toml", one},
                                       {CatalogueSource::Role::targets, "u.toml", other}});
  ASSERT_TRUE(loaded) << loaded.error().front().message;
}

}  // namespace
}  // namespace districtd
