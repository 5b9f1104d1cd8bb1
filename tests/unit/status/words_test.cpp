// The design page, "Judging": shares to one decimal, deviations in percentage points to two at
// most.
#include "daemon/status/words.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::cumulative;
using testing::level;
using testing::milestone;

TEST(WordsTest, ADeviationCarriesItsUnit) {
  EXPECT_EQ(format_deviation(-0.08, DeviationUnit::points), "-8.0 个百分点");
  EXPECT_EQ(format_deviation(-0.0725, DeviationUnit::points), "-7.25 个百分点");
  EXPECT_EQ(format_deviation(0.1, DeviationUnit::points), "+10.0 个百分点");
  EXPECT_EQ(format_deviation(-0.129, DeviationUnit::per_cent), "-12.9%");
  EXPECT_EQ(format_deviation(0.05, DeviationUnit::per_cent), "+5.0%");
}

TEST(WordsTest, NoughtHasNoSign) {
  for (const double nought : {0.0, -0.0, 1e-9, -1e-9}) {
    EXPECT_EQ(format_signed(nought), "0.0");
    EXPECT_EQ(format_size(nought), "0.0");
    EXPECT_EQ(format_share(nought), "0.0%");
  }
}

TEST(WordsTest, ASizeIsTheSameOnBothSides) {
  EXPECT_EQ(format_size(-0.08), "8.0");
  EXPECT_EQ(format_size(0.08), "8.0");
}

TEST(WordsTest, ValuesAreInTheUnitOfTheCatalogue) {
  EXPECT_EQ(format_value(cumulative(30, "亿元"), 1.26e9), "12.6 亿元");
  EXPECT_EQ(format_value(level(95, "%"), 0.9466), "94.66%");
  EXPECT_EQ(format_value(milestone(), 0.6), "60.0%");
  EXPECT_EQ(format_value(cumulative(3, "亿元"), 1e8 / 3), "0.3333 亿元");
}

TEST(WordsTest, AForecastIsNeverSure) {
  EXPECT_EQ(format_probability(0.001), "<1%");
  EXPECT_EQ(format_probability(0.734), "73%");
  EXPECT_EQ(format_probability(0.999), ">99%");
}

TEST(WordsTest, LightsAreToldApartByWordAndByMark) {
  std::set<std::string_view> words;
  std::set<std::string_view> marks;
  for (const Light light : {Light::green, Light::yellow, Light::red, Light::grey, Light::none}) {
    words.insert(words_of(light).word);
    marks.insert(words_of(light).mark);
  }
  EXPECT_EQ(words.size(), kLights);
  EXPECT_EQ(marks.size(), kLights);
  EXPECT_EQ(words_of(Light::red).word, "red");
  EXPECT_EQ(words_of(Light::red).chinese, "红灯");
  EXPECT_EQ(words_of(Light::none).chinese, "不亮灯");
}

}  // namespace
}  // namespace districtd
