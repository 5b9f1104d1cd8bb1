// 进展情况, 存在问题, 下一步打算, in each way in: beside a figure, and alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "daemon/intake/words_limit.h"
#include "tests/unit/intake/containers.h"
#include "tests/unit/intake/example_catalogue.h"

namespace districtd {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr const char* kHeader = "指标,截至日期,数值,进展情况,存在问题,下一步打算\n";

Decoded read(const std::string& row) { return decode_example(csv_of(kHeader + row + "\n")); }

// "target-id as_of progress|problems|next_steps" of every narrative.
std::vector<std::string> words(const Decoded& decoded) {
  std::vector<std::string> texts;
  for (const ReportedNarrative& one : decoded.narratives) {
    texts.push_back(example_catalogue()[one.target].id + " " + to_string(one.as_of) + " " +
                    one.said.progress() + "|" + one.said.problems() + "|" + one.said.next_steps());
  }
  return texts;
}

constexpr const char* kInvestment = "culture-tourism.investment 2026-06-30 ";

TEST(NarrativeTest, StandsBesideItsFigure) {
  const Decoded decoded = read("文旅投资,2026-06-30,12.6亿元,主体结顶,用地未批,下月报批");
  EXPECT_EQ(decoded.observations.size(), 1U);
  EXPECT_THAT(words(decoded), ElementsAre(std::string(kInvestment) + "主体结顶|用地未批|下月报批"));
  EXPECT_EQ(decoded.receipt.rows, 1);
  EXPECT_EQ(decoded.receipt.wordy, 0);
  EXPECT_THAT(decoded.receipt.notes, IsEmpty());
}

TEST(NarrativeTest, AloneIsKeptAndIsNoReportAndTheReceiptSaysSo) {
  for (const char* const value : {"", "—", "/"}) {
    const Decoded decoded = read(std::string("文旅投资,2026-06-30,") + value + ",主体结顶,,");
    EXPECT_EQ(decoded.outcome, Outcome::taken);
    EXPECT_THAT(decoded.observations, IsEmpty());
    EXPECT_THAT(words(decoded), ElementsAre(std::string(kInvestment) + "主体结顶||"));
    EXPECT_EQ(decoded.receipt.rows, 0) << "no figure was reported";
    EXPECT_EQ(decoded.receipt.empty, 0);
    EXPECT_EQ(decoded.receipt.wordy, 1);
    EXPECT_THAT(decoded.receipt.notes, Contains(HasSubstr("不算报送数据")));
  }
}

TEST(NarrativeTest, OfAPledgeIsNoReportEither) {
  const Decoded decoded = read("优质服务,2026-06-30,,开展培训,,");
  EXPECT_THAT(decoded.observations, IsEmpty());
  EXPECT_EQ(words(decoded).size(), 1U);
  const Decoded reported = read("优质服务,2026-06-30,是,开展培训,,");
  EXPECT_EQ(reported.observations.size(), 1U);
  EXPECT_EQ(words(reported).size(), 1U);
}

TEST(NarrativeTest, NothingIsSaidByBlanksAndMarks) {
  const Decoded decoded = read("文旅投资,2026-06-30,12.6亿元,—,/,");
  EXPECT_THAT(decoded.narratives, IsEmpty());
  EXPECT_EQ(read("文旅投资,2026-06-30,,—,/,").receipt.errors.at(0).code, "no_rows");
}

TEST(NarrativeTest, ARowThatIsRefusedForItsFigureKeepsNoWords) {
  const Decoded decoded = read("文旅投资,2026-06-30,约30,主体结顶,,");
  EXPECT_EQ(decoded.outcome, Outcome::refused);
  EXPECT_THAT(decoded.narratives, IsEmpty());
}

TEST(NarrativeTest, WordsAloneObeyTheRulesOfDaysAndDepartments) {
  EXPECT_THAT(error_places(read("文旅投资,2026-08-30,,好,,")),
              ElementsAre("2:截至日期:future_date"));
  EXPECT_THAT(error_places(read("文旅投资,,,好,,")), ElementsAre("2:截至日期:missing_date"));
  EXPECT_THAT(error_places(read("新建学校,2026-06-30,,好,,")),
              ElementsAre("2:指标:other_department"));
}

TEST(NarrativeTest, TooLongIsRefusedWithBothLengths) {
  const std::string most(kMostWordsBytes, 'a');
  EXPECT_EQ(read("文旅投资,2026-06-30,1," + most + ",,").narratives.size(), 1U);
  for (const char* const value : {"1", ""}) {
    const Decoded decoded = read(std::string("文旅投资,2026-06-30,") + value + ",,a" + most + ",");
    EXPECT_THAT(error_places(decoded), ElementsAre("2:存在问题:narrative_too_long"));
    EXPECT_THAT(decoded.receipt.errors[0].message, HasSubstr("12001 字节"));
    EXPECT_THAT(decoded.narratives, IsEmpty());
  }
}

TEST(NarrativeTest, EveryContainerSaysItAlike) {
  const TableCells table = {{"区文旅局 6 月报表"},
                            {"序号", "指标名称", "截至日期", "累计完成", "进展情况", "存在问题"},
                            {"1", "文旅投资", "2026-06-30", "12.6亿元", "主体结顶", "用地未批"},
                            {"2", "活动场次", "2026-06-30", "", "", "天气不好"}};
  for (const Container container : kContainers) {
    EXPECT_THAT(words(decode_example(in_container(container, table))),
                ElementsAre(std::string(kInvestment) + "主体结顶|用地未批|",
                            "culture-tourism.events 2026-06-30 |天气不好|"))
        << static_cast<int>(container);
  }
}

TEST(NarrativeTest, InJsonItHasKeysOfItsOwn) {
  const std::string begin = R"({"observations":[{"target":"文旅投资","as_of":"2026-06-30",)";
  for (const char* const said :
       {R"("narrative":{"progress":"主体结顶","problems":"用地未批"})",
        R"("narrative":{"进展情况":"主体结顶","存在问题":"用地未批","next_steps":null})",
        R"("进展情况":"主体结顶","存在问题":"用地未批","下一步打算":"")",
        R"("narrative_progress":"主体结顶","narrative_problems":"用地未批")"}) {
    const Decoded alone = decode_example(json_of(begin + said + "}]}"));
    EXPECT_THAT(words(alone), ElementsAre(std::string(kInvestment) + "主体结顶|用地未批|")) << said;
    EXPECT_THAT(alone.observations, IsEmpty());
    const Decoded beside = decode_example(json_of(begin + R"("value":1,)" + said + "}]}"));
    EXPECT_EQ(beside.observations.size(), 1U) << said;
    EXPECT_THAT(words(beside), ElementsAre(std::string(kInvestment) + "主体结顶|用地未批|"));
  }
  const auto code = [&](const std::string& said) {
    const Decoded decoded = decode_example(json_of(begin + R"("value":1,)" + said + "}]}"));
    EXPECT_THAT(decoded.narratives, IsEmpty()) << said;
    return decoded.receipt.errors.empty() ? "" : decoded.receipt.errors[0].code;
  };
  EXPECT_EQ(code(R"("progress":0.5)"), "unknown_key") << "the ratio's name is nothing's here";
  EXPECT_EQ(code(R"("narrative":{"note":"x"})"), "unknown_key");
  EXPECT_EQ(code(R"("narrative":"x")"), "wrong_type");
  EXPECT_EQ(code(R"("narrative":["x"])"), "wrong_type");
  EXPECT_EQ(code(R"("narrative":{"progress":["x"]})"), "wrong_type");
  EXPECT_EQ(code(R"("narrative":{"progress":"x"},"进展情况":"y")"), "duplicate_key");
}

TEST(NarrativeTest, BesideSeveralMonthsItIsOfTheLatest) {
  const Decoded decoded = decode_example(
      csv_of("指标,2026年1-5月,2026年1-6月,进展情况\n文旅投资,9亿元,12亿元,主体结顶\n"
             "活动场次,3,,天气不好\n招商引资,,,还没有开始\n"));
  EXPECT_THAT(words(decoded), ElementsAre(std::string(kInvestment) + "主体结顶||",
                                          "culture-tourism.events 2026-05-31 天气不好||"));
  EXPECT_THAT(error_places(decoded), ElementsAre("4:进展情况:narrative_without_day"));
  EXPECT_THAT(decoded.receipt.notes, Contains(HasSubstr("按这一行最后的日期")));
}

TEST(NarrativeTest, OneColumnOfOneMonthSaysTheDayOfWordsAlone) {
  const Decoded decoded = decode_example(csv_of("指标,2026年1-6月,进展情况\n文旅投资,,主体结顶\n"));
  EXPECT_THAT(words(decoded), ElementsAre(std::string(kInvestment) + "主体结顶||"));
}

TEST(NarrativeTest, SeveralRowsOfOneDayAreNamedInTheReceipt) {
  const Decoded decoded =
      decode_example(csv_of(std::string(kHeader) + "文旅投资,2026-06-30,12.6亿元,结顶,,\n"
                                                   "文旅投资,2026-06-30,12.6亿元,封顶,,\n"));
  EXPECT_EQ(decoded.narratives.size(), 2U);
  EXPECT_THAT(decoded.receipt.notes, Contains(HasSubstr("以最后一行为准")));
}

// 备注 and 说明 stay what they were; what is beside words alone is not kept and the receipt says
// so.
TEST(NarrativeTest, RemarksAreNoNarrative) {
  const Decoded decoded =
      decode_example(csv_of("指标,截至日期,数值,说明,进展情况\n文旅投资,2026-06-30,1亿元,甲,\n"
                            "活动场次,2026-06-30,,乙,丙\n"));
  ASSERT_EQ(decoded.observations.size(), 1U);
  EXPECT_EQ(decoded.observations[0].note, "甲");
  EXPECT_EQ(words(decoded).size(), 1U);
  EXPECT_THAT(decoded.receipt.notes, Contains(HasSubstr("“乙”没有保存")));
  EXPECT_THAT(decoded.receipt.notes, Not(Contains(HasSubstr("“甲”"))));
}

TEST(NarrativeTest, AProgressCellThatSaysWhatTheFigureIsStillRefusesIt) {
  EXPECT_THAT(error_places(read("文旅投资,2026-06-30,12.6亿元,当月数,,")),
              ElementsAre("2:数值:not_the_total"));
}

}  // namespace
}  // namespace districtd
