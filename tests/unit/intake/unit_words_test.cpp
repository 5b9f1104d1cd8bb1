// Where docs/填报说明.md says that a unit may stand.
#include "daemon/intake/unit_words.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

std::string symbols(const UnitsSaid& said) {
  std::string text;
  for (const Unit& unit : said.units) text += (text.empty() ? "" : " ") + unit.symbol();
  return said.is_unknown ? text + "?" : text;
}

TEST(UnitWordsTest, AUnitIsUnderstoodInAnyWording) {
  for (const auto& [text, unit] :
       std::vector<std::pair<std::string, std::string>>{{"单位：万元", "万元"},
                                                        {"金额单位：人民币万元", "万元"},
                                                        {"单 位：亿元", "亿元"},
                                                        {"（单位：万元）", "万元"},
                                                        {"单位:人民币（万元）", "万元"},
                                                        {"以万元为单位", "万元"},
                                                        {"本表按亿元计算", "亿元"},
                                                        {"注：单位为万元", "万元"},
                                                        {"注：以上数据单位均为万元。", "万元"},
                                                        {"单位：万元、人", "万元 人"},
                                                        {"填报单位：区文旅局 单位：万元", "万元"},
                                                        {"单位：千吨标煤", "千吨标煤"},
                                                        {"单位：3万元", "?"},
                                                        {"填报单位：区文旅局", ""},
                                                        {"单位：区教育局", ""},
                                                        {"单位：孝顺镇人民政府", ""},
                                                        {"责任单位：万元", ""},
                                                        {"事业单位为主", ""},
                                                        {"各单位要按时报送", ""},
                                                        {"文旅投资目标为30亿元", ""}}) {
    EXPECT_EQ(symbols(units_said_in(text, false, example_catalogue())), unit) << text;
  }
  EXPECT_EQ(symbols(units_said_in("完成情况（万元）", true, example_catalogue())), "万元");
  EXPECT_EQ(symbols(units_said_in("完成情况（1-6月）", true, example_catalogue())), "");
}

TEST(UnitWordsTest, OfSeveralUnitsTheOneCountsThatTheTargetCanBeConvertedFrom) {
  UnitsSaid said;
  said.units = {*Unit::parse("万元"), *Unit::parse("人")};
  EXPECT_EQ(choose_unit(said, *Unit::parse("名")).unit->symbol(), "人");
  EXPECT_EQ(choose_unit(said, *Unit::parse("亿元")).unit->symbol(), "万元");
  said.units.push_back(*Unit::parse("亿元"));
  EXPECT_TRUE(choose_unit(said, *Unit::parse("亿元")).doubt);
  EXPECT_FALSE(choose_unit(said, *Unit::parse("名")).doubt);
}

}  // namespace
}  // namespace districtd
