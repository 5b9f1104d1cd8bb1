#include "daemon/intake/date_reader.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace districtd {
namespace {

TEST(DateReaderTest, ReadsTheFormsThatExcelAndPeopleWrite) {
  for (const std::string_view text :
       {"2026-06-30", "2026-6-30", "2026/6/30", "2026/06/30", "2026.6.30", "2026年6月30日",
        "2026年06月30日", "２０２６－０６－３０", "２０２６年６月３０日"}) {
    EXPECT_EQ(read_date(text), date_of(2026, 6, 30)) << text;
  }
}

TEST(DateReaderTest, RefusesWhatIsNoDate) {
  for (const std::string_view text : {"",
                                      "2026",
                                      "2026-06",
                                      "2026年6月",
                                      "20260630",
                                      "46203",
                                      "26-06-30",
                                      "6/30/2026",
                                      "30.6.2026",
                                      "2026-06/30",
                                      "2026-06-30 ",
                                      "2026-06-30 00:00:00",
                                      "2026-06-30T00:00:00Z",
                                      "2026-06-300",
                                      "-026-06-30",
                                      "2026-+6-30",
                                      "2026--6-30",
                                      "2026-06-3O",
                                      "六月三十日",
                                      "2026年6月30",
                                      "2026-006-30",
                                      "12026-06-30"}) {
    EXPECT_EQ(read_date(text), std::nullopt) << text;
  }
}

std::optional<Date> in_2026(std::string_view text) {
  const auto written = read_written_date(text);
  if (!written) return std::nullopt;
  return day_in(*written, written->year.value_or(2026));
}

TEST(DateReaderTest, ReadsWhatNamesTheLastDayOfAPeriod) {
  const std::vector<std::pair<std::string_view, Date>> cases = {
      {"2026年6月", date_of(2026, 6, 30)},
      {"2026-06", date_of(2026, 6, 30)},
      {"2026/6", date_of(2026, 6, 30)},
      {"2026.6", date_of(2026, 6, 30)},
      {"202606", date_of(2026, 6, 30)},
      {"20260630", date_of(2026, 6, 30)},
      {"46203", date_of(2026, 6, 30)},
      {"36526", date_of(2000, 1, 1)},
      {"6月", date_of(2026, 6, 30)},
      {"06月", date_of(2026, 6, 30)},
      {"6月底", date_of(2026, 6, 30)},
      {"6月末", date_of(2026, 6, 30)},
      {"6月份", date_of(2026, 6, 30)},
      {"截至6月底", date_of(2026, 6, 30)},
      {"截至2026年6月30日", date_of(2026, 6, 30)},
      {"6月15日", date_of(2026, 6, 15)},
      {"6月15号", date_of(2026, 6, 15)},
      {"1-6月", date_of(2026, 6, 30)},
      {"1－6月", date_of(2026, 6, 30)},
      {"1—6月", date_of(2026, 6, 30)},
      {"1~6月", date_of(2026, 6, 30)},
      {"1至6月", date_of(2026, 6, 30)},
      {"1月-6月", date_of(2026, 6, 30)},
      {"1-6月累计", date_of(2026, 6, 30)},
      {"2026年1-6月", date_of(2026, 6, 30)},
      {"2026 年 1-6 月", date_of(2026, 6, 30)},
      {"一季度", date_of(2026, 3, 31)},
      {"第二季度", date_of(2026, 6, 30)},
      {"3季度", date_of(2026, 9, 30)},
      {"2026年四季度", date_of(2026, 12, 31)},
      {"前三季度", date_of(2026, 9, 30)},
      {"上半年", date_of(2026, 6, 30)},
      {"2025年下半年", date_of(2025, 12, 31)},
      {"全年", date_of(2026, 12, 31)},
      {"2026年底", date_of(2026, 12, 31)},
      {"六月", date_of(2026, 6, 30)},
      {"六月三十日", date_of(2026, 6, 30)},
      {"十二月", date_of(2026, 12, 31)},
      {"一至六月", date_of(2026, 6, 30)},
      {"二〇二六年六月三十日", date_of(2026, 6, 30)},
      {"2月", date_of(2026, 2, 28)},
      {"2028年2月", date_of(2028, 2, 29)},
      {"６月", date_of(2026, 6, 30)},
      {"2026-06-30 00:00:00", date_of(2026, 6, 30)},
      {"2026/6/30 0:00", date_of(2026, 6, 30)},
      {"2026年6月30", date_of(2026, 6, 30)},
      {"2月29日", Date{}},  // 2026 has none
  };
  for (const auto& [text, day] : cases) {
    const auto read = in_2026(text);
    if (day == Date{}) {
      EXPECT_EQ(read, std::nullopt) << text;
    } else {
      EXPECT_EQ(read, day) << text;
    }
  }
}

TEST(DateReaderTest, KnowsWhereNoYearIsSaid) {
  for (const std::string_view text : {"6月", "1-6月", "一季度", "上半年", "6月30日", "今年6月"}) {
    ASSERT_TRUE(read_written_date(text)) << text;
    EXPECT_FALSE(read_written_date(text)->year) << text;
  }
  EXPECT_EQ(read_written_date("2025年6月")->year, 2025);
  EXPECT_TRUE(read_written_date("46203")->is_serial);
}

// A range that does not begin with January counts from elsewhere, and a day without its month or a
// year of two digits could be several.
TEST(DateReaderTest, GuessesNothing) {
  for (const std::string_view text :
       {"",       "2026",     "6",        "6-30",     "6/30",    "6.30",  "26年6月",    "4-6月",
        "13月",   "0月",      "1-13月",   "五季度",   "6月当月", "本月",  "20261301x",  "6043-61",
        "202613", "6月32日",  "20260600", "19991231", "99999",   "12345", "2026-6-30x", "6月6月",
        "1-6",    "二〇二六", "2026年",   "月",       "季度",    "约6月", "6月至8月"}) {
    EXPECT_EQ(in_2026(text), std::nullopt) << text;
  }
  EXPECT_EQ(in_2026("20261301"), std::nullopt);
}

std::vector<std::pair<std::string, unsigned>> periods(std::string_view title) {
  std::vector<std::pair<std::string, unsigned>> found;
  for (const NamedPeriod& period : periods_in(title)) {
    found.emplace_back(period.text, period.date.month);
  }
  return found;
}

TEST(DateReaderTest, FindsThePeriodsThatATitleNames) {
  using Periods = std::vector<std::pair<std::string, unsigned>>;
  EXPECT_EQ(periods("金义新区2026年1—6月重点工作完成情况表"), (Periods{{"2026年1—6月", 6}}));
  EXPECT_EQ(periods("2026年上半年经济运行"), (Periods{{"2026年上半年", 6}}));
  EXPECT_EQ(periods("前三季度进展(6月份调整)"), (Periods{{"前三季度", 9}, {"6月份", 6}}));
  EXPECT_EQ(periods("六月底进展、第2季度"), (Periods{{"六月底", 6}, {"第2季度", 6}}));
  EXPECT_EQ(periods_in("2026年11月情况").front().date.year, 2026);
  EXPECT_FALSE(periods_in("11月情况").front().date.year);
}

TEST(DateReaderTest, TakesNeitherDaysNorYearsNorDeadlinesForTheOnesOfATitle) {
  for (const std::string_view title :
       {"", "2026年度重点工作", "2026年7月3日", "6月底前完成的任务", "12月之前", "三月三活动",
        "2026.6", "202606", "13月", "4-6月增量", "4 - 6月增量", "全年目标", "年底验收",
        "每月一报"}) {
    EXPECT_TRUE(periods_in(title).empty()) << title << ": " << periods_in(title).front().text;
  }
}

TEST(DateReaderTest, RefusesDaysThatDoNotExist) {
  for (const std::string_view text :
       {"2026-02-29", "2026-02-30", "2026-13-01", "2026-00-10", "2026-06-31", "2026/6/0",
        "2100-02-29", "0000-06-06", "0000/6/6"}) {
    EXPECT_EQ(read_date(text), std::nullopt) << text;
    EXPECT_EQ(read_written_date(text), std::nullopt) << text;
  }
  EXPECT_EQ(read_date("2028-02-29"), date_of(2028, 2, 29));
  EXPECT_EQ(read_date("2000/2/29"), date_of(2000, 2, 29));
}

TEST(DateReaderTest, AgreesWithTheDomainOnEveryDayOfFourYears) {
  for (Date day = date_of(2026, 1, 1); day < date_of(2030, 1, 1); day += std::chrono::days(1)) {
    EXPECT_EQ(read_date(to_string(day)), day);
  }
}

}  // namespace
}  // namespace districtd
