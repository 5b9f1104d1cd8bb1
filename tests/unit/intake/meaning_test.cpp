// The words that docs/填报说明.md lists for clerks.
#include "daemon/intake/meaning.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace districtd {
namespace {

TEST(MeaningTest, HeadingsOfStatisticsAndProjectsNameTheTotalToDate) {
  for (const std::string text :
       {"累计完成", "本月止累计", "自年初累计", "1-本月", "自年初累计完成", "本年累计完成投资额",
        "今年以来累计完成", "年初至今", "本月末累计数"}) {
    EXPECT_EQ(figure_heading(text), Meaning::total) << text;
  }
  for (const std::string text : {"完成投资额", "实际完成数", "已完成", "实际到位金额"}) {
    EXPECT_EQ(figure_heading(text), Meaning::actual) << text;
  }
  for (const std::string text : {"计划完成", "完成率", "同比增长", "当月完成", "本月", "投资计划",
                                 "指标", "数", "年度目标"}) {
    EXPECT_FALSE(figure_heading(text)) << text;
  }
}

struct Said {
  std::string text;
  Meaning meaning;
};

TEST(MeaningTest, AHeadingSaysWhatItsFiguresAre) {
  for (const Said& each : std::vector<Said>{{"本月", Meaning::single},
                                            {"当月累计", Meaning::single},
                                            {"本月止累计", Meaning::total},
                                            {"比去年同期增长(%)", Meaning::growth},
                                            {"去年同期", Meaning::last_year},
                                            {"较上月", Meaning::change},
                                            {"完成前三季度目标任务占比(%)", Meaning::share},
                                            {"年度投资计划", Meaning::plan},
                                            {"目标完成情况", Meaning::actual},
                                            {"其中:民间投资", Meaning::part},
                                            {"剩余", Meaning::rest},
                                            {"数值", Meaning::unsaid}}) {
    EXPECT_EQ(meaning_of_heading(each.text), each.meaning) << each.text;
  }
}

TEST(MeaningTest, ATitleSpeaksOfFiguresUnlessItNamesTotalsToo) {
  for (const Said& each : std::vector<Said>{{"2026年文旅投资当月完成数", Meaning::single},
                                            {"2026年6月当月及累计完成情况", Meaning::unsaid},
                                            {"2026年重点项目投资计划表", Meaning::plan},
                                            {"2026年重点工作计划完成情况", Meaning::unsaid},
                                            {"2026年重点指标分月进度", Meaning::unsaid},
                                            {"较上月增量", Meaning::change},
                                            {"主要指标增速", Meaning::growth},
                                            {"主要指标总量及增速", Meaning::unsaid},
                                            {"2026年1-6月重点工作完成情况表", Meaning::unsaid}}) {
    EXPECT_EQ(meaning_of_title(each.text), each.meaning) << each.text;
  }
}

TEST(MeaningTest, ALabelIsACellThatSaysNothingElse) {
  EXPECT_EQ(meaning_of_label("实际"), Meaning::actual);
  EXPECT_EQ(meaning_of_label("年度计划"), Meaning::plan);
  EXPECT_EQ(meaning_of_label("同比增长(%)"), Meaning::growth);
  EXPECT_EQ(meaning_of_label("其中:民间投资"), Meaning::part);
  EXPECT_EQ(meaning_of_label("全口径"), Meaning::total);
  for (const std::string text : {"", "投资类", "按计划推进", "当月完成了三个项目", "民间投资"}) {
    EXPECT_FALSE(meaning_of_label(text)) << text;
  }
}

}  // namespace
}  // namespace districtd
