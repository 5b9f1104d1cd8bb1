// Where a row belongs: the rules of the design page, section Targets, through the whole of intake.
#include "daemon/intake/programme_of_row.h"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "daemon/intake/intake.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using ::testing::Contains;
using testing::cumulative;
using testing::day;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::string_view kHeader = "指标,截至日期,数值,年度\n";

Programme years(int first, int last) { return programme_of_years(first, last); }

Target in(Target target, std::uint32_t programme, int first, int last) {
  target.programme = programme;
  target.start = day(first, 1, 1);
  target.deadline = day(last, 12, 31);
  return target;
}

// The programme of 2026 with 文旅投资 (goal 30亿元), 满意率 (a level) and 场馆投用 (a milestone);
// with others of the same ids and names where they are asked for.
struct Loaded {
  bool next_year = false;
  bool five_years = false;
};

Catalogue catalogue_of(const Loaded& loaded) {
  std::vector<Programme> programmes;
  std::vector<Target> targets;
  const auto add = [&](int first, int last) {
    const auto programme = static_cast<std::uint32_t>(programmes.size());
    programmes.push_back(years(first, last));
    targets.push_back(in(cumulative(30, "亿元"), programme, first, last));
    Target level = testing::level(95, "%");
    level.id = "culture-tourism.satisfaction";
    level.name = "满意率";
    targets.push_back(in(level, programme, first, last));
    Target milestone = testing::milestone();
    milestone.id = "culture-tourism.hall";
    milestone.name = "场馆投用";
    targets.push_back(in(milestone, programme, first, last));
  };
  add(2026, 2026);
  if (loaded.next_year) add(2027, 2027);
  if (loaded.five_years) add(2026, 2030);
  return {{}, {{"culture-tourism", "区文旅局"}}, std::move(targets), {}, std::move(programmes)};
}

// Figures of the targets of 2026, by name.
class Figures : public KnownFigures {
 public:
  Figures(const Catalogue& catalogue, std::map<std::string, Reading> newest) {
    for (const auto& [name, reading] : newest) {
      const auto all = catalogue.find_all("culture-tourism", name);
      const Target& target = catalogue[all.front()];
      figures_[all.front()] = {{reading.as_of, target.unit.to_base(reading.value), {}}};
    }
  }
  std::span<const Reading> of(Catalogue::Index target) const override {
    const auto found = figures_.find(target);
    return found != figures_.end() ? std::span<const Reading>(found->second)
                                   : std::span<const Reading>{};
  }

 private:
  std::map<Catalogue::Index, std::vector<Reading>> figures_;
};

struct Case {
  std::string_view name;
  Date today{};
  Loaded loaded;
  double newest = 29.8;  // of 文旅投资 of 2026, as of 2026-11-30
  std::string_view row;
  std::string_view becomes;  // the programme, or the code of the refusal
  std::string_view says;     // in the note, or in the refusal; "": there is no note
};

void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }

class ProgrammeOfRowTest : public ::testing::TestWithParam<Case> {};

Decoded read(const Catalogue& catalogue, const Case& tested, std::string body,
             std::string_view media_type = "text/csv", std::string programme = "") {
  Submission submission{"culture-tourism", "http_push", std::string(media_type), "a",
                        std::move(body)};
  submission.programme = std::move(programme);
  const Figures figures(catalogue, {{"文旅投资", {day(2026, 11, 30), tested.newest, {}}},
                                    {"满意率", {day(2026, 11, 30), 96, {}}},
                                    {"场馆投用", {day(2026, 11, 30), 0.5, {}}}});
  return decode(submission, catalogue, tested.today, kNoMapping, &figures);
}

std::string what_became(const Catalogue& catalogue, const Decoded& decoded) {
  if (decoded.observations.empty()) return decoded.receipt.errors.at(0).code;
  return catalogue.programme_of(catalogue[decoded.observations.at(0).target]).id;
}

TEST_P(ProgrammeOfRowTest, BelongsWhereTheRulesSay) {
  const Catalogue catalogue = catalogue_of(GetParam().loaded);
  const Decoded decoded =
      read(catalogue, GetParam(), std::string(kHeader) + std::string(GetParam().row));
  EXPECT_EQ(what_became(catalogue, decoded), GetParam().becomes);
  const auto& receipt = decoded.receipt;
  if (!receipt.errors.empty()) {
    EXPECT_THAT(receipt.errors[0].message, HasSubstr(std::string(GetParam().says)));
  } else if (GetParam().says.empty()) {
    EXPECT_THAT(receipt.notes, IsEmpty());
  } else {
    EXPECT_THAT(receipt.notes, Contains(HasSubstr(std::string(GetParam().says))));
  }
}

const Date kJanuary = day(2027, 1, 8);
const Date kFebruary = day(2027, 2, 5);
constexpr Loaded kOld{};
constexpr Loaded kBoth{.next_year = true};
constexpr Loaded kPlan{.five_years = true};

INSTANTIATE_TEST_SUITE_P(
    , ProgrammeOfRowTest,
    ::testing::Values(
        Case{"DecemberInJanuaryBeforeTheNewFile", kJanuary, kOld, 29.8, "文旅投资,2026-12-31,29.9,",
             "2026", ""},
        Case{"DecemberInJanuaryWithTheNewFile", kJanuary, kBoth, 29.8, "文旅投资,2026-12-31,29.9,",
             "2026", "读作 2026 年度的目标“文旅投资”"},
        Case{"JanuaryOfTheNewYearWithoutItsFile", kFebruary, kOld, 29.8, "文旅投资,2027-01-31,2.1,",
             "after_the_period", "2.1亿元 低于该目标最近的 29.8亿元（截至 2026-11-30）"},
        Case{"JanuaryOfTheNewYear", kFebruary, kBoth, 29.8, "文旅投资,2027-01-31,2.1,", "2027", ""},
        Case{"LateCompletion", kFebruary, kOld, 29.8, "文旅投资,2027-01-20,30.5,", "2026",
             "逾期完成"},
        Case{"LateButNotYetComplete", kFebruary, kOld, 29.8, "文旅投资,2027-01-20,29.8,", "2026",
             "逾期完成"},
        Case{"LateCompletionOrTheNamesake", kFebruary, kBoth, 29.8, "文旅投资,2027-01-20,30.5,",
             "which_programme", "请加“年度”列写明是 2026 还是 2027"},
        Case{"LateCompletionThatIsNamed", kFebruary, kBoth, 29.8, "文旅投资,2027-01-20,30.5,2026",
             "2026", "逾期完成"},
        Case{"NamesakeThatIsNamed", kFebruary, kBoth, 29.8, "文旅投资,2027-01-20,30.5,2027年度",
             "2027", ""},
        Case{"NamesakeOfWhatIsReached", kFebruary, kBoth, 30.2, "文旅投资,2027-01-20,30.5,", "2027",
             ""},
        Case{"AfterItWasReached", kFebruary, kOld, 30.2, "文旅投资,2027-01-20,30.5,",
             "after_the_period", "已按截至 2026-11-30 的 30.2亿元 完成"},
        Case{"BelowWhatItHadWhereItIsNamed", kFebruary, kBoth, 29.8, "文旅投资,2027-01-20,2.1,2026",
             "after_the_period", "低于该目标最近的"},
        Case{"OnTheDayOfSettlement", day(2027, 2, 28), kOld, 29.8, "文旅投资,2026-12-31,29.9,",
             "2026", ""},
        Case{"AfterSettling", day(2027, 3, 1), kOld, 29.8, "文旅投资,2026-12-31,29.9,",
             "after_the_period", "2026 年度已于 2027-02-28 结账"},
        Case{"AfterSettlingThoughItIsNamed", day(2027, 3, 1), kBoth, 29.8,
             "文旅投资,2027-01-20,30.5,2026", "after_the_period", "结账"},
        Case{"NamesakeAfterSettling", day(2027, 3, 1), kBoth, 29.8, "文旅投资,2027-01-20,30.5,",
             "2027", ""},
        Case{"FiveYearsWithANamesake", day(2026, 12, 8), kPlan, 29.8, "文旅投资,2026-11-30,29.8,",
             "several_programmes",
             "2026 年度（2026-01-01 至 2026-12-31）、2026-2030 年度（2026-01-01 至 2030-12-31）"},
        Case{"FiveYearsThatAreNamed", day(2026, 12, 8), kPlan, 29.8,
             "文旅投资,2026-11-30,29.8,2026-2030", "2026-2030", ""},
        Case{"UnknownProgramme", kJanuary, kBoth, 29.8, "文旅投资,2026-12-31,29.9,2025",
             "unknown_programme", "没有“2025”年度，只有：2026 年度"},
        Case{"LevelAfterItsDeadline", kFebruary, kOld, 29.8, "满意率,2027-01-31,95%,",
             "after_the_period", "应为 2026-12-31 或以前的日期"},
        Case{"LevelIsNeverAsked", kFebruary, kBoth, 29.8, "满意率,2027-01-31,97%,", "2027", ""},
        Case{"MilestoneThatIsDoneLate", kFebruary, kOld, 29.8, "场馆投用,2027-01-20,已完成,",
             "2026", "逾期完成"},
        Case{"MilestoneOrItsNamesake", kFebruary, kBoth, 29.8, "场馆投用,2027-01-20,已完成,",
             "which_programme", "场馆投用"},
        Case{"MilestoneOfTheNewYear", kFebruary, kBoth, 29.8, "场馆投用,2027-01-20,10%,", "2027",
             ""},
        Case{"BeforeAnyOfThem", kFebruary, kBoth, 29.8, "文旅投资,2025-12-31,3,", "before_start",
             "早于目标"},
        Case{"DayWithoutItsYear", kJanuary, kBoth, 29.8, "文旅投资,12月31日,29.9,", "2026",
             "没有写年份，按 2026 年读取"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ProgrammeOfASubmissionTest, HoldsWhereTheRowSaysNothing) {
  const Catalogue catalogue = catalogue_of(kBoth);
  const Case tested{"", kFebruary, kBoth, 29.8, "", "", ""};
  const Decoded decoded =
      read(catalogue, tested,
           std::string(kHeader) + "文旅投资,2027-01-20,30.5,\n文旅投资,2027-01-31,31,2027\n",
           "text/csv", "2026");
  ASSERT_EQ(decoded.observations.size(), 2U);
  EXPECT_EQ(catalogue[decoded.observations[0].target].key, "2026/culture-tourism.investment");
  EXPECT_EQ(catalogue[decoded.observations[1].target].key, "2027/culture-tourism.investment");
}

TEST(ProgrammeOfASubmissionTest, MayBeANumberInJson) {
  const Catalogue catalogue = catalogue_of(kBoth);
  const Case tested{"", kFebruary, kBoth, 29.8, "", "", ""};
  for (const std::string programme : {"2026", "\"2026\""}) {
    const Decoded decoded = read(catalogue, tested,
                                 R"({"observations":[{"target":"文旅投资","as_of":"2027-01-20",)"
                                 R"("value":30.5,"programme":)" +
                                     programme + "}]}",
                                 "application/json");
    EXPECT_EQ(what_became(catalogue, decoded), "2026");
  }
}

// Sending the same thing twice changes nothing, also where the first time completed the target.
TEST(ProgrammeOfASubmissionTest, ALateCompletionMayBeSaidAgainAndTakenBack) {
  const Catalogue catalogue = catalogue_of(kOld);
  for (const std::string value : {"30.5", "撤回"}) {
    Submission submission{"culture-tourism", "csv_drop", "text/csv", "a",
                          std::string(kHeader) + "文旅投资,2027-01-20," + value + ","};
    const Figures figures(catalogue, {{"文旅投资", {day(2027, 1, 20), 30.5, {}}}});
    EXPECT_EQ(
        what_became(catalogue, decode(submission, catalogue, kFebruary, kNoMapping, &figures)),
        "2026")
        << value;
  }
}

// A name that is typed almost right is of each programme too.
TEST(ProgrammeOfASubmissionTest, IsFoundByANameThatIsAlmostRight) {
  const Catalogue catalogue = catalogue_of(kBoth);
  const Case tested{"", kFebruary, kBoth, 29.8, "", "", ""};
  const Decoded decoded =
      read(catalogue, tested, std::string(kHeader) + "3.文旅投资（万元）,2027-01-31,21000,");
  EXPECT_EQ(what_became(catalogue, decoded), "2027");
}

// What the daemon has left out of memory, or whose file is missing.
Catalogue with_closed(Date today) {
  Programme missing = years(2026, 2026);
  missing.id = "2026-extra";
  missing.settles = day(2029, 12, 31);
  return catalogue_of({.next_year = true}).without_settled(today, {years(2025, 2025), missing});
}

TEST(ClosedProgrammeTest, ARowOfASettledYearIsToldThatNothingIsTakenAnyMore) {
  const Date today = day(2027, 3, 5);
  const Catalogue catalogue = with_closed(today);
  ASSERT_EQ(catalogue.targets().size(), 3U) << "those of 2027";
  const Case tested{"", today, {}, 0, "", "", ""};
  const auto error = [&](std::string_view row) {
    const Decoded decoded = read(
        catalogue, tested, std::string(kHeader) + std::string(row) + "\n文旅投资,2027-02-28,1,");
    EXPECT_EQ(decoded.observations.size(), 1U);
    EXPECT_EQ(decoded.receipt.errors.size(), 1U);
    return decoded.receipt.errors.empty() ? RowError{} : decoded.receipt.errors[0];
  };
  const RowError by_day = error("文旅投资,2025-10-31,25,");
  EXPECT_EQ(by_day.code, "after_the_period");
  EXPECT_THAT(by_day.message, HasSubstr("2025 年度已于 2026-02-28 结账，不再收数"));
  const RowError named = error("文旅投资,2027-02-27,31,2026年度");
  EXPECT_EQ(named.code, "after_the_period");
  EXPECT_THAT(named.message, HasSubstr("2026 年度已于 2027-02-28 结账，不再收数"));
  const RowError missing = error("文旅投资,2026-10-31,25,2026-extra");
  EXPECT_EQ(missing.code, "after_the_period");
  EXPECT_THAT(missing.message, HasSubstr("2026-extra 年度的目标文件现在不在目标库里"));
  EXPECT_EQ(error("文旅投资,2027-02-27,31,2031").code, "unknown_programme");
  EXPECT_EQ(error("文旅投资,2019-02-27,31,").code, "before_start");
}

TEST(ClosedProgrammeTest, ATargetOfASettledYearAloneIsKnownToHaveBeenOne) {
  const Date today = day(2027, 3, 5);
  std::vector<Target> targets = {in(cumulative(30, "亿元"), 0, 2026, 2026),
                                 in(testing::level(95, "%"), 1, 2027, 2027)};
  targets[1].id = "culture-tourism.satisfaction";
  targets[1].name = "满意率";
  const Catalogue catalogue = Catalogue({}, {{"culture-tourism", "区文旅局"}}, std::move(targets),
                                        {}, {years(2026, 2026), years(2027, 2027)})
                                  .without_settled(today, {});
  const Submission submission{
      "culture-tourism", "http_push", "text/csv", "a",
      std::string(kHeader) + "文旅投资,2026-12-31,25,\n别的投资,2026-12-31,25,"};
  const Decoded decoded = decode(submission, catalogue, today, kNoMapping);
  ASSERT_EQ(decoded.receipt.errors.size(), 2U);
  EXPECT_EQ(decoded.receipt.errors[0].code, "unknown_target");
  EXPECT_THAT(decoded.receipt.errors[0].message,
              HasSubstr("它是 2026 年度的目标，该年度已于 2027-02-28 结账，不再收数"));
  EXPECT_THAT(decoded.receipt.errors[1].message, ::testing::Not(HasSubstr("结账")));
}

}  // namespace
}  // namespace districtd
