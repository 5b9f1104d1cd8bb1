// Which programme a file's targets are of, its period and the day on which it settles: the design
// page, section Targets.
#include <gmock/gmock.h>

#include <string>
#include <string_view>

#include "daemon/config/catalogue_file.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd {
namespace {

using testing::HasSubstr;

std::string report(std::string_view more = "") {
  return "[report]\nid = \"r\"\npublisher = \"p\"\npublished = 2026-03-06\ntitle = \"t\"\n" +
         std::string{more} + "\n";
}

std::string target(std::string_view name, std::string_view start, std::string_view deadline,
                   std::string_view more = "") {
  return "[[target]]\nid = \"a." + std::string{name} + "\"\nname = \"" + std::string{name} +
         "\"\nkind = \"cumulative\"\ngoal = 30\nsection = \"s\"\nquote = \"q\"\nstart = " +
         std::string{start} + "\ndeadline = " + std::string{deadline} + "\n" + std::string{more} +
         "\n";
}

constexpr std::string_view kDepartment = "[[department]]\nid = \"a\"\nname = \"甲\"\n";

class ProgrammeTableTest : public FilesTest {
 protected:
  // Files "0.toml", "1.toml", ... of the given report and targets.
  Result<LoadedCatalogue, Findings> load(const std::vector<std::string>& texts) {
    std::vector<std::filesystem::path> files;
    for (const std::string& text : texts) {
      files.push_back(write(std::to_string(files.size()) + ".toml", text));
    }
    return load_catalogue(files);
  }
  std::string finding(const std::vector<std::string>& texts) {
    auto loaded = load(texts);
    if (loaded) return "no finding";
    EXPECT_EQ(loaded.error().size(), 1U) << to_string(loaded.error().back());
    return to_string(loaded.error().front());
  }
  static std::string file(std::string_view in_report, const std::string& targets) {
    return report(in_report) + std::string{kDepartment} + targets;
  }
};

TEST_F(ProgrammeTableTest, IsTheYearInWhichAllTargetsStartAndEnd) {
  auto loaded = load({file(
      "", target("x", "2026-03-01", "2026-12-31") + target("y", "2026-01-01", "2026-09-30"))});
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Catalogue& catalogue = loaded->catalogue;
  ASSERT_EQ(catalogue.programmes().size(), 1U);
  const Programme& programme = catalogue.programme_of(catalogue[1]);
  EXPECT_EQ(programme.id, "2026");
  EXPECT_EQ(programme.first, date_of(2026, 1, 1));
  EXPECT_EQ(programme.last, date_of(2026, 12, 31));
  EXPECT_EQ(programme.settles, date_of(2027, 2, 28));
  EXPECT_EQ(programme.scoring, Scoring{});
  EXPECT_EQ(programme.reports_since, std::nullopt);
  EXPECT_EQ(catalogue.reports()[0].programme, 0U);
}

TEST_F(ProgrammeTableTest, AMovedDeadlineDoesNotMoveTheProgramme) {
  auto loaded = load({file("", target("x", "2026-01-01", "2026-12-31",
                                      "[[target.change]]\nfrom = 2026-07-01\nreason = \"会议\"\n"
                                      "deadline = 2027-06-30\n"))});
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Programme& programme = loaded->catalogue.programmes()[0];
  EXPECT_EQ(programme.id, "2026");
  EXPECT_EQ(programme.last, date_of(2026, 12, 31));
  // The last final report, that of June, is due ten days later.
  EXPECT_EQ(programme.settles, date_of(2027, 7, 10));
}

TEST_F(ProgrammeTableTest, TermsAreRead) {
  auto loaded =
      load({file("programme = \"2026-2030\"\nperiod = [2026-01-01, 2030-12-31]\n"
                 "settles = 2031-03-31\nreports_since = 2026-07-01\n"
                 "[scoring]\nlate_report = 0\nmissing_report = 2\nmost = 20\n"
                 "late_completion = 0.8\nrank = false",
                 target("x", "2026-01-01", "2030-12-31"))});
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Programme& programme = loaded->catalogue.programmes()[0];
  EXPECT_EQ(programme.id, "2026-2030");
  EXPECT_EQ(programme.last, date_of(2030, 12, 31));
  EXPECT_EQ(programme.settles, date_of(2031, 3, 31));
  EXPECT_EQ(programme.reports_since, date_of(2026, 7, 1));
  EXPECT_EQ(programme.scoring, (Scoring{0, 2, 20, 0.8, false}));
}

TEST_F(ProgrammeTableTest, SeveralFilesMakeOneProgrammeOrSeveral) {
  const std::string year = target("x", "2026-01-01", "2026-12-31");
  auto loaded =
      load({file("settles = 2027-03-31", year), file("", target("y", "2026-01-01", "2026-12-31")),
            file("programme = \"2026-2030\"\nperiod = [2026-01-01, 2030-12-31]",
                 target("z", "2026-01-01", "2030-12-31")),
            report() + "[[department]]\nid = \"b\"\nname = \"乙\"\n"});
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  const Catalogue& catalogue = loaded->catalogue;
  ASSERT_EQ(catalogue.programmes().size(), 2U);
  EXPECT_EQ(catalogue.find_programme("2026-2030"), 1U);
  EXPECT_EQ(catalogue.programme_of(catalogue[1]).settles, date_of(2027, 3, 31));
  EXPECT_EQ(catalogue.programme_of(catalogue[2]).id, "2026-2030");
  EXPECT_EQ(catalogue.reports()[3].programme, std::nullopt);
}

TEST_F(ProgrammeTableTest, TargetsOfSeveralYearsNeedAName) {
  EXPECT_EQ(
      finding({file(
          "", target("x", "2026-01-01", "2026-12-31") + target("y", "2026-01-01", "2027-06-30"))}),
      (folder_ / "0.toml").string() +
          ":1:1: the targets of this file start and end in more than one of the "
          "years 2026-01-01 to 2027-12-31: of which programme are they? Write programme and period "
          "in [report], such as programme = \"2026-2027\" and period = [2026-01-01, "
          "2027-12-31]");
}

struct BadProgramme {
  std::string_view name;
  std::string_view first;   // further lines of [report] of one file
  std::string_view second;  // and of another; both have a target of 2026
  std::string_view place;
  std::string_view message;
};

void PrintTo(const BadProgramme& programme, std::ostream* out) { *out << programme.name; }

class BadProgrammeTest : public ProgrammeTableTest,
                         public testing::WithParamInterface<BadProgramme> {};

TEST_P(BadProgrammeTest, IsRefusedAtItsPlace) {
  const std::string found =
      finding({file(GetParam().first, target("x", "2026-01-01", "2026-12-31")),
               file(GetParam().second, target("y", "2026-01-01", "2026-12-31"))});
  EXPECT_THAT(found, testing::StartsWith(folder_.string() + "/" + std::string{GetParam().place}));
  EXPECT_THAT(found, HasSubstr(std::string{GetParam().message}));
}

INSTANTIATE_TEST_SUITE_P(
    , BadProgrammeTest,
    testing::Values(
        BadProgramme{"SlashInTheWord", "programme = \"2026/1\"", "", "0.toml:6:13",
                     "expected a short word without blanks or slashes"},
        BadProgramme{"PeriodOfOneDay", "period = [2026-01-01]", "", "0.toml:6:10",
                     "expected its first and its last day"},
        BadProgramme{"PeriodBackwards", "period = [2026-12-31, 2026-01-01]", "", "0.toml:6:10",
                     "expected its first and its last day"},
        BadProgramme{"PeriodsDiffer", "period = [2026-01-01, 2026-12-31]",
                     "period = [2026-01-01, 2027-01-31]", "1.toml:6:10",
                     "is [2026-01-01, 2027-01-31] here and [2026-01-01, 2026-12-31] at"},
        BadProgramme{"SettlementsDiffer", "settles = 2027-02-28", "settles = 2027-03-31",
                     "1.toml:6:11", "write the same in both files, or leave it out of one"},
        BadProgramme{"ReportsSinceDiffer", "reports_since = 2026-02-01",
                     "reports_since = 2026-03-01", "1.toml:6:17", "is 2026-03-01 here"},
        BadProgramme{"ScoringsDiffer", "[scoring]\nmost = 5", "[scoring]\nmost = 6", "1.toml:6:1",
                     "'[scoring]' of the programme '2026'"},
        BadProgramme{"ScoringNegative", "[scoring]\nmost = -1", "", "0.toml:7:8",
                     "expected a number from 0 to 100"},
        BadProgramme{"CompletionAboveOne", "[scoring]\nlate_completion = 90", "", "0.toml:7:19",
                     "expected a number from 0 to 1"},
        BadProgramme{"StartsBeforeThePeriod", "period = [2026-02-01, 2026-12-31]",
                     "programme = \"other\"", "0.toml:17:9",
                     "target 'a.x' (x) starts on 2026-01-01, outside the period of its programme "
                     "'2026', 2026-02-01 to 2026-12-31"},
        BadProgramme{"EndsAfterThePeriod", "period = [2026-01-01, 2026-11-30]",
                     "programme = \"other\"", "0.toml:18:12", "has its deadline on 2026-12-31"},
        BadProgramme{"SettlesBeforeTheLastReportIsDue", "settles = 2027-01-05", "", "0.toml:6:11",
                     "before its last final report is due, that of 'a.x' (x) on 2027-01-10; write "
                     "settles = 2027-01-10 or a later day"}),
    [](const auto& tested) { return std::string{tested.param.name}; });

TEST_F(ProgrammeTableTest, APeriodIsNeededWhereTheTargetsDoNotLieInOneYear) {
  EXPECT_THAT(finding({file("programme = \"plan\"", target("x", "2026-01-01", "2030-12-31"))}),
              HasSubstr("the period of the programme 'plan' is missing"));
}

TEST_F(ProgrammeTableTest, SettlesNotBeforeAnExtensionIsDue) {
  const std::string extended =
      target("x", "2026-01-01", "2026-12-31",
             "[[target.change]]\nfrom = 2026-07-01\nreason = \"会议\"\ndeadline = 2027-06-30\n");
  EXPECT_THAT(finding({file("settles = 2027-02-28", extended)}),
              HasSubstr("that of 'a.x' (x) on 2027-07-10"));
}

TEST_F(ProgrammeTableTest, AWithdrawnTargetOwesNoFinalReport) {
  const std::string withdrawn =
      target("x", "2026-01-01", "2026-12-31",
             "withdrawn = 2026-09-01\nwithdrawal_reason = \"会议\"\ngrace_days = 90\n");
  auto loaded =
      load({file("settles = 2027-01-10", withdrawn + target("y", "2026-01-01", "2026-12-31"))});
  ASSERT_TRUE(loaded) << to_string(loaded.error().front());
  EXPECT_EQ(loaded->catalogue.programmes()[0].settles, date_of(2027, 1, 10));
}

// What an earlier version has kept was good then, and is read as it was: docs/store.md.
class KeptTextsTest : public ProgrammeTableTest {
 protected:
  // The programme of the only target of a kept text, where the catalogue of now is `now`.
  std::string programme_of_kept(const std::string& text, const std::string& now) {
    auto present = load({now});
    EXPECT_TRUE(present) << to_string(present.error().front());
    auto kept = parse_kept_catalogue({{CatalogueSource::Role::targets, "kept.toml", text}},
                                     present->catalogue);
    if (!kept) return to_string(kept.error().front());
    return kept->catalogue.programme_of(kept->catalogue[0]).id;
  }
  const std::string several_years_ = file("", target("x", "2025-07-01", "2026-12-31"));
};

TEST_F(KeptTextsTest, AreOfTheYearInWhichTheyLie) {
  EXPECT_EQ(programme_of_kept(file("", target("x", "2026-01-01", "2026-12-31")),
                              file("programme = \"now\"", target("x", "2026-01-01", "2026-12-31"))),
            "2026");
}

TEST_F(KeptTextsTest, OfSeveralYearsAreOfTheProgrammeThatTheirTargetsHaveNow) {
  EXPECT_EQ(programme_of_kept(several_years_,
                              file("programme = \"now\"\nperiod = [2025-01-01, 2026-12-31]",
                                   target("x", "2025-07-01", "2026-12-31"))),
            "now");
}

TEST_F(KeptTextsTest, OfSeveralYearsWhoseTargetsAreGoneAreOfThoseYears) {
  EXPECT_EQ(programme_of_kept(several_years_, file("", target("y", "2027-01-01", "2027-12-31"))),
            "2025-2026");
}

}  // namespace
}  // namespace districtd
