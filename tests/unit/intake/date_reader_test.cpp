#include "daemon/intake/date_reader.h"

#include <gtest/gtest.h>

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

TEST(DateReaderTest, RefusesDaysThatDoNotExist) {
  for (const std::string_view text : {"2026-02-29", "2026-02-30", "2026-13-01", "2026-00-10",
                                      "2026-06-31", "2026/6/0", "2100-02-29"}) {
    EXPECT_EQ(read_date(text), std::nullopt) << text;
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
