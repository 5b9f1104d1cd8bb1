// [[department]] renamed, merged_into and closed, and targets that change department: what is read,
// and what is refused with its place and what to write.
#include <gmock/gmock.h>

#include <ostream>
#include <string>
#include <string_view>

#include "daemon/config/catalogue_file.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::string_view kReport =
    "[report]\nid = \"r\"\npublisher = \"p\"\npublished = 2026-03-06\ntitle = \"t\"\n";

std::string department(std::string_view id, std::string_view name, std::string_view more = "") {
  return "[[department]]\nid = \"" + std::string{id} + "\"\nname = \"" + std::string{name} +
         "\"\n" + std::string{more};
}

std::string target(std::string_view id, std::string_view name, std::string_view more = "") {
  return "[[target]]\nid = \"" + std::string{id} + "\"\nname = \"" + std::string{name} +
         "\"\nkind = \"cumulative\"\ngoal = 30\nsection = \"s\"\nquote = \"q\"\n"
         "start = 2026-01-01\ndeadline = 2026-12-31\n" +
         std::string{more};
}

std::string moves_to(std::string_view department, std::string_view from = "2026-07-01") {
  return "[[target.change]]\nfrom = " + std::string{from} +
         "\nreason = \"机构改革\"\ndepartment = \"" + std::string{department} + "\"\n";
}

class DepartmentTableTest : public FilesTest {
 protected:
  Result<LoadedCatalogue, Findings> load(const std::vector<std::string>& texts) {
    std::vector<std::filesystem::path> files;
    for (const std::string& text : texts) {
      files.push_back(write(std::to_string(files.size()) + ".toml", std::string{kReport} + text));
    }
    return load_catalogue(files);
  }
  std::string finding(const std::vector<std::string>& texts) {
    auto loaded = load(texts);
    if (loaded) return "no finding";
    EXPECT_EQ(loaded.error().size(), 1U) << to_string(loaded.error().back());
    return to_string(loaded.error().front());
  }
};

TEST_F(DepartmentTableTest, FatesAreRead) {
  auto loaded =
      load({department("a", "甲", "renamed = [{ from = 2026-07-01, name = \"新甲\" }]\n") +
            department("b", "乙", "merged_into = { id = \"a\", from = 2026-09-01 }\n") +
            department("c", "丙", "closed = 2026-10-01\n") + target("a.x", "x") +
            target("b.y", "y") + target("c.z", "z", moves_to("a", "2026-09-15"))});
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Catalogue& catalogue = loaded->catalogue;
  EXPECT_EQ(catalogue.departments()[0].name_on(date_of(2026, 7, 1)), "新甲");
  EXPECT_EQ(catalogue.department_of(catalogue[1], date_of(2026, 8, 31)).id, "b");
  EXPECT_EQ(catalogue.department_of(catalogue[1], date_of(2026, 9, 1)).id, "a");
  EXPECT_EQ(catalogue.department_of(catalogue[2], date_of(2026, 9, 14)).id, "c");
  EXPECT_EQ(catalogue.department_of(catalogue[2], date_of(2026, 9, 15)).id, "a");
  EXPECT_FALSE(catalogue.departments()[2].exists_on(date_of(2026, 10, 1)));
}

// Next year's file calls the department as it is called by then.
TEST_F(DepartmentTableTest, ALaterFileMayUseTheLaterName) {
  const std::string renamed =
      department("a", "甲", "renamed = [{ from = 2026-07-01, name = \"新甲\" }]\n") +
      target("a.x", "x");
  const std::string later = department("a", "新甲") + target("a.y", "y");
  for (const auto& texts : {std::vector{renamed, later}, std::vector{later, renamed}}) {
    auto loaded = load(texts);
    ASSERT_TRUE(loaded) << to_string(loaded.error().front());
    EXPECT_EQ(loaded->catalogue.departments()[0].name_on(date_of(2026, 6, 30)), "甲");
    EXPECT_EQ(loaded->catalogue.departments()[0].name_on(date_of(2026, 7, 1)), "新甲");
  }
  EXPECT_THAT(finding({renamed, department("a", "别的") + target("a.y", "y")}),
              AllOf(HasSubstr("1.toml:8:8"), HasSubstr("is called '甲' elsewhere, here '别的'")));
}

struct Bad {
  const char* name;
  std::string text;
  const char* place;
  const char* message;
};

void PrintTo(const Bad& bad, std::ostream* out) { *out << bad.name; }

class BadDepartmentTest : public DepartmentTableTest, public testing::WithParamInterface<Bad> {};

TEST_P(BadDepartmentTest, IsRefusedAtItsPlaceWithWhatToWrite) {
  EXPECT_THAT(finding({GetParam().text}),
              AllOf(HasSubstr(GetParam().place), HasSubstr(GetParam().message)));
}

const std::string kA = department("a", "甲");
const std::string kX = target("a.x", "x");

INSTANTIATE_TEST_SUITE_P(
    Faults, BadDepartmentTest,
    testing::Values(
        Bad{"RenamesOutOfOrder",
            department("a", "甲",
                       "renamed = [{ from = 2026-07-01, name = \"乙\" },\n"
                       "           { from = 2026-07-01, name = \"丙\" }]\n") +
                kX,
            "0.toml:10:21:", "write the names in the order of their days"},
        Bad{"MergedIntoNobody",
            department("a", "甲", "merged_into = { id = \"b\", from = 2026-07-01 }\n") + kX,
            "0.toml:9:22:", "is merged into 'b', which no [[department]] names; write the id"},
        Bad{"MergedIntoItself",
            department("a", "甲", "merged_into = { id = \"a\", from = 2026-07-01 }\n") + kX,
            "0.toml:9:22:", "is merged into itself"},
        Bad{"MergedIntoAClosedOne",
            department("a", "甲", "merged_into = { id = \"b\", from = 2026-07-01 }\n") +
                department("b", "乙", "closed = 2026-06-01\n") + kX,
            "0.toml:9:22:", "which is closed from 2026-06-01 on; write a department that is there"},
        Bad{"MergedIntoOneThatIsMergedAlready",
            department("a", "甲", "merged_into = { id = \"b\", from = 2026-07-01 }\n") +
                department("b", "乙", "merged_into = { id = \"c\", from = 2026-06-01 }\n") +
                department("c", "丙") + kX,
            "0.toml:9:22:", "which was merged into 'c' from 2026-06-01 on; write 'c'"},
        Bad{"MergedAndClosed",
            department("a", "甲",
                       "merged_into = { id = \"b\", from = 2026-07-01 }\nclosed = 2026-07-01\n") +
                department("b", "乙") + target("b.x", "x"),
            "0.toml:10:10:", "is both closed and merged into another one; write merged_into"},
        Bad{"ClosedWithATarget", department("a", "甲", "closed = 2026-07-01\n") + kX,
            "0.toml:9:10:", "still has 'a.x' (x) then; give it to another one"},
        Bad{"MovedToNobody", kA + target("a.x", "x", moves_to("b")),
            "0.toml:21:14:", "gives it to 'b', which no [[department]] names; write the id"},
        Bad{"MovedToItsOwn", kA + target("a.x", "x", moves_to("a")),
            "0.toml:21:14:", "which has it already; leave 'department' out"},
        Bad{"MovedToAClosedOne",
            department("b", "乙", "closed = 2026-07-01\n") + kA + target("a.x", "x", moves_to("b")),
            "0.toml:25:14:", "which is closed from 2026-07-01 on"},
        Bad{"MovedToAMergedOne",
            department("b", "乙", "merged_into = { id = \"a\", from = 2026-06-01 }\n") +
                department("c", "丙") + kA + target("c.x", "x", moves_to("b")),
            "0.toml:28:14:", "which was merged into 'a' from 2026-06-01 on; write 'a'"},
        Bad{"MovedToANamesake",
            kA + department("b", "乙") + target("b.x", "x") + target("a.x", "x", moves_to("b")),
            "0.toml:33:14:", "which has a target of the same name, 'b.x' (x); give one of the two"},
        Bad{"MergedWithANamesake",
            kA + department("b", "乙", "merged_into = { id = \"a\", from = 2026-06-01 }\n") +
                target("b.x", "x") + kX,
            "0.toml:12:22:", "which has a target of the same name, 'a.x' (x)"}),
    [](const auto& tested) { return std::string{tested.param.name}; });

TEST_F(DepartmentTableTest, ACircleIsRefusedAtEachOfIt) {
  auto loaded =
      load({department("a", "甲", "merged_into = { id = \"b\", from = 2026-07-01 }\n") +
            department("b", "乙", "merged_into = { id = \"a\", from = 2026-08-01 }\n") + kX});
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().size(), 2U);
  EXPECT_THAT(to_string(loaded.error()[0]),
              AllOf(HasSubstr("0.toml:9:22:"), HasSubstr("which itself comes to 'a'")));
  EXPECT_THAT(to_string(loaded.error()[1]), HasSubstr("0.toml:13:22:"));
}

TEST_F(DepartmentTableTest, TwoFilesSayTheSameOrNothing) {
  const std::string closed = department("b", "乙", "closed = 2026-07-01\n") + kA + kX;
  EXPECT_THAT(
      finding({closed, department("b", "乙", "closed = 2026-08-01\n") + kA + target("a.y", "y")}),
      AllOf(HasSubstr("1.toml:9:10:"), HasSubstr("write the same in both files")));
  EXPECT_EQ(finding({closed, department("b", "乙") + kA + target("a.y", "y")}), "no finding");
}

}  // namespace
}  // namespace districtd
