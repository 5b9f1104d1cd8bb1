#include "daemon/domain/catalogue.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "base/edit_distance.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using testing::Random;

Target target(std::uint32_t department, std::string id, std::string name) {
  Target result = testing::cumulative(30, "亿元");
  result.department = department;
  result.id = std::move(id);
  result.name = std::move(name);
  return result;
}

// 招商引资 is a target of three departments, 实际利用外资 of commerce alone.
Catalogue catalogue() {
  return Catalogue{{{"jinri-jindong-2026-03-06", "今日金东", testing::day(2026, 3, 6), "大干2026"}},
                   {{"culture-tourism", "区文旅局"},
                    {"commerce", "区商务局"},
                    {"agriculture", "区农业农村局"},
                    {"audit", "区审计局"}},
                   {target(0, "culture-tourism.investment", "文旅投资"),
                    target(0, "culture-tourism.attraction", "招商引资"),
                    target(1, "commerce.attraction", "招商引资"),
                    target(1, "commerce.foreign-capital", "实际利用外资"),
                    target(2, "agriculture.attraction", "招商引资"),
                    target(2, "agriculture.grain", "粮食播种面积")}};
}

TEST(CatalogueTest, FindsDepartmentsById) {
  const Catalogue all = catalogue();
  EXPECT_EQ(all.find_department("commerce"), 1U);
  EXPECT_EQ(all.find_department("区商务局"), std::nullopt);
  EXPECT_EQ(all.find_department("commerc"), std::nullopt);
  EXPECT_EQ(all.find_department(""), std::nullopt);
  EXPECT_EQ(all.department_of(all[5], date_of(2026, 6, 30)).name, "区农业农村局");
}

TEST(CatalogueTest, FindsTargetsByIdWhoeverAsks) {
  const Catalogue all = catalogue();
  EXPECT_EQ(all.find_id("commerce.foreign-capital"), 3U);
  EXPECT_EQ(all.find_id("实际利用外资"), std::nullopt);
  EXPECT_EQ(all.find("commerce", "commerce.attraction"), 2U);
  // Another department's target is found, so that the refusal can say whose it is.
  EXPECT_EQ(all.find("audit", "commerce.attraction"), 2U);
}

// 文旅投资 of 2026, of 2027 and of the plan of 2026-2030, whose ids are the same too.
Catalogue several_programmes() {
  std::vector<Target> targets;
  for (std::uint32_t programme = 0; programme < 3; ++programme) {
    targets.push_back(target(0, "culture-tourism.investment", "文旅投资"));
    targets.back().programme = programme;
  }
  targets.push_back(target(1, "commerce.new", "新目标"));
  targets.back().programme = 1;
  return Catalogue{{},
                   {{"culture-tourism", "区文旅局"}, {"commerce", "区商务局"}},
                   std::move(targets),
                   {},
                   {programme_of_years(2026, 2026), programme_of_years(2027, 2027),
                    programme_of_years(2026, 2030)}};
}

TEST(CatalogueTest, KnowsATargetByProgrammeAndId) {
  const Catalogue all = several_programmes();
  EXPECT_EQ(all[0].key, "2026/culture-tourism.investment");
  EXPECT_EQ(all.find_key("2026-2030/culture-tourism.investment"), 2U);
  EXPECT_EQ(all.find_key("culture-tourism.investment"), std::nullopt);
  EXPECT_EQ(all.find_key("2025/culture-tourism.investment"), std::nullopt);
}

TEST(CatalogueTest, OfSeveralProgrammesTheShortestThatHoldsTheDayIsMeant) {
  const Catalogue all = several_programmes();
  for (const char* called : {"culture-tourism.investment", "文旅投资"}) {
    const auto on = [&](Date day) { return all.find("culture-tourism", called, day); };
    EXPECT_EQ(on(testing::day(2026, 6, 30)), 0U);
    EXPECT_EQ(on(testing::day(2027, 6, 30)), 1U);
    EXPECT_EQ(on(testing::day(2029, 6, 30)), 2U) << "only the plan holds it";
    EXPECT_EQ(on(testing::day(2031, 6, 30)), 2U) << "it ended last";
    EXPECT_EQ(on(testing::day(2025, 6, 30)), 0U) << "it begins first";
    EXPECT_EQ(all.find("culture-tourism", called), 2U) << "without a day, what ends last";
    EXPECT_EQ(all.find_all("culture-tourism", called), (std::vector<Catalogue::Index>{0, 1, 2}));
    EXPECT_EQ(all.find_all("commerce", called), (std::vector<Catalogue::Index>{0, 1, 2}))
        << "so that a refusal can say whose it is";
  }
  EXPECT_EQ(all.find_id("commerce.new", testing::day(2026, 6, 30)), 3U);
}

TEST(CatalogueTest, ACatalogueWithoutProgrammesIsOfTheYearsOfItsTargets) {
  const Catalogue all = catalogue();
  ASSERT_EQ(all.programmes().size(), 1U);
  EXPECT_EQ(all.programme_of(all[0]), programme_of_years(2026, 2026));
  EXPECT_EQ(all.find_programme("2026"), 0U);
  EXPECT_EQ(all.find_programme("2027"), std::nullopt);
}

TEST(CatalogueTest, FindsTheDepartmentsOwnTargetOfAName) {
  const Catalogue all = catalogue();
  EXPECT_EQ(all.find("culture-tourism", "招商引资"), 1U);
  EXPECT_EQ(all.find("commerce", "招商引资"), 2U);
  EXPECT_EQ(all.find("agriculture", "招商引资"), 4U);
}

TEST(CatalogueTest, FindsAnothersTargetByNameOnlyWhereThereIsOne) {
  const Catalogue all = catalogue();
  EXPECT_EQ(all.find("audit", "实际利用外资"), 3U);
  EXPECT_EQ(all.find("audit", "招商引资"), std::nullopt);
  EXPECT_EQ(all.find("nobody", "文旅投资"), 0U);
}

TEST(CatalogueTest, FindsExactNamesOnly) {
  const Catalogue all = catalogue();
  for (const auto* text : {"文旅投", "文旅投资 ", "文旅投资额", "", "COMMERCE.ATTRACTION"}) {
    EXPECT_EQ(all.find("culture-tourism", text), std::nullopt) << text;
  }
}

TEST(CatalogueTest, IsFoundInAfterAMove) {
  Catalogue from = catalogue();
  const Catalogue to = std::move(from);
  EXPECT_EQ(to.find("commerce", "招商引资"), 2U);
  EXPECT_EQ(to.find_id("agriculture.grain"), 5U);
  EXPECT_EQ(to.find_department("audit"), 3U);
}

TEST(CatalogueTest, NearestForgivesATypingErrorInNameAndId) {
  const Catalogue all = catalogue();
  EXPECT_EQ(all.nearest("culture-tourism", "文旅投姿"), "文旅投资");
  EXPECT_EQ(all.nearest("culture-tourism", "文旅投资额"), "文旅投资");
  EXPECT_EQ(all.nearest("commerce", "实际利用外贸"), "实际利用外资");
  EXPECT_EQ(all.nearest("culture-tourism", "culture-tourism.investmnet"),
            "culture-tourism.investment");
}

TEST(CatalogueTest, NearestIsSilentWhereNothingIsNear) {
  const Catalogue all = catalogue();
  EXPECT_EQ(all.nearest("culture-tourism", "规上工业增加值增速"), "");
  EXPECT_EQ(all.nearest("audit", "文旅投姿"), "");
  EXPECT_EQ(all.nearest("culture-tourism", std::string(100000, 'x')), "");
}

TEST(CatalogueTest, NearestIsWhatTheTextHoldsOrWhatHoldsTheText) {
  const Catalogue all = catalogue();
  EXPECT_EQ(all.nearest("culture-tourism", "2026年1-6月文旅投资完成情况"), "文旅投资");
  EXPECT_EQ(all.nearest("commerce", "外资"), "实际利用外资");
  EXPECT_EQ(all.nearest("", "investment"), "culture-tourism.investment");
  EXPECT_EQ(all.nearest("audit", "2026年1-6月文旅投资完成情况"), "");
  EXPECT_EQ(all.nearest("commerce", "资"), "") << "one character is too little to go by";
}

TEST(CatalogueTest, HalfOfTheCharactersWrongIsNotNear) {
  const Catalogue all = catalogue();
  EXPECT_EQ(all.nearest("culture-tourism", "文体投姿"), "");
  EXPECT_EQ(all.nearest("culture-tourism", "文投"), "");
  EXPECT_EQ(all.nearest("commerce", "实际利用姿今"), "实际利用外资");
  EXPECT_EQ(all.nearest("commerce", "实际利永姿今"), "");
  EXPECT_EQ(all.nearest("commerce", ""), "");
  const Catalogue single{{}, {{"land", "区资规局"}}, {target(0, "land.x", "亩")}};
  EXPECT_EQ(single.nearest("land", "户"), "");
}

TEST(CatalogueTest, NearestIsTheFirstOfThoseThatDifferLeast) {
  Random random(11);
  const std::vector<std::string> alphabet = {"投", "资", "旅", "a", "A", "!", "%", "𠮷"};
  const auto word = [&](int most) {
    std::string text;
    for (int i = random.whole(1, most); i > 0; --i) text += random.one_of(alphabet);
    return text;
  };
  const auto length = [](std::string_view text) { return edit_distance(text, ""); };
  int found = 0;
  for (int round = 0; round < 200; ++round) {
    std::vector<Target> targets;
    for (int i = 0; i < 20; ++i) {
      targets.push_back(target(static_cast<std::uint32_t>(random.whole(0, 1)), word(20), word(9)));
    }
    const Catalogue all{{}, {{"a", "甲"}, {"b", "乙"}}, targets};
    for (const auto* department : {"a", "b", ""}) {
      std::string text = random.one_of(targets).name;
      if (random.coin()) text.insert(0, word(3));
      if (random.coin()) text += word(3);
      if (random.whole(0, 3) == 0) text = word(60);
      std::string nearest;
      std::size_t best = (length(text) + 1) / 2;
      for (const Target& each : targets) {
        if (*department != '\0' && all.department_of(each, date_of(2026, 6, 30)).id != department)
          continue;
        for (const std::string& candidate : {each.name, each.id}) {
          const std::size_t distance = edit_distance(text, candidate);
          if (distance >= best) continue;
          best = distance;
          nearest = candidate;
        }
      }
      if (nearest.empty() && length(text) > 1 && length(text) <= 60) {
        const auto of_department = [&](const Target& each) {
          return *department == '\0' ||
                 all.department_of(each, date_of(2026, 6, 30)).id == department;
        };
        for (const bool held : {true, false}) {
          for (const Target& each : targets) {
            if (!of_department(each)) continue;
            for (const std::string& candidate : {each.name, each.id}) {
              if (length(candidate) < 2) continue;
              const bool fits =
                  (held ? text.find(candidate) : candidate.find(text)) != std::string::npos;
              const bool better = nearest.empty() || (held ? candidate.size() > nearest.size()
                                                           : candidate.size() < nearest.size());
              if (fits && better) nearest = candidate;
            }
          }
          if (!nearest.empty()) break;
        }
      }
      ASSERT_EQ(all.nearest(department, text), nearest) << text << " " << department;
      found += nearest.empty() ? 0 : 1;
    }
  }
  EXPECT_GT(found, 100);
}

// So many of these would take minutes if each target were compared character by character.
TEST(CatalogueTest, NearestOfAHundredThousandIsFoundOftenEnoughForAServer) {
  std::vector<Target> targets;
  for (std::uint32_t i = 0; i < 100'000; ++i) {
    const std::string number = std::to_string(i);
    targets.push_back(target(0, "culture-tourism.project-" + number, "第" + number + "号项目投资"));
  }
  targets.push_back(target(0, "culture-tourism.visitors", "接待游客人次"));
  const Catalogue all{{}, {{"culture-tourism", "区文旅局"}}, std::move(targets)};
  for (int i = 0; i < 150; ++i) {
    ASSERT_EQ(all.nearest("", "接待游客人数"), "接待游客人次");
    ASSERT_EQ(all.nearest("", "culture-tourism.vistors"), "culture-tourism.visitors");
    ASSERT_NE(all.nearest("culture-tourism", "culture-tourism.projekt-" + std::to_string(i)), "");
  }
}

TEST(CatalogueTest, NearestOffersTheDepartmentsOwnTargetsOnly) {
  EXPECT_EQ(catalogue().nearest("commerce", "文旅投姿"), "");
}

TEST(CatalogueTest, AnEmptyCatalogueFindsNothing) {
  const Catalogue empty;
  EXPECT_EQ(empty.find("commerce", "招商引资"), std::nullopt);
  EXPECT_EQ(empty.nearest("commerce", "招商引资"), "");
}

TEST(CatalogueDeathTest, AnIndexOfAnotherCatalogueEndsTheProgram) {
  const Catalogue all = catalogue();
  EXPECT_DEATH(static_cast<void>(all[6]), "index is of this catalogue");
  EXPECT_DEATH(Catalogue({}, {{"a", "甲"}}, {target(1, "a.t", "目标")}), "has a department");
}

TEST(EditDistanceTest, CountsCharactersNotBytes) {
  EXPECT_EQ(edit_distance("文旅投资", "文旅投姿"), 1U);
  EXPECT_EQ(edit_distance("文旅投资", "文旅资"), 1U);
  EXPECT_EQ(edit_distance("文旅投资", "投资文旅"), 4U);
  EXPECT_EQ(edit_distance("达95%以上", "达95％以上"), 1U);
  EXPECT_EQ(edit_distance("增长", ""), 2U);
  EXPECT_EQ(edit_distance("", "增长"), 2U);
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(EditDistanceTest, IsADistance) {
  Random random(7);
  const std::vector<std::string> alphabet = {"投", "资", "旅", "a", "%", "𠮷"};
  const auto word = [&] {
    std::string text;
    for (int i = random.whole(0, 8); i > 0; --i) text += random.one_of(alphabet);
    return text;
  };
  for (int round = 0; round < 500; ++round) {
    const std::string a = word();
    const std::string b = word();
    const std::string c = word();
    ASSERT_EQ(edit_distance(a, a), 0U) << a;
    ASSERT_EQ(edit_distance(a, b), edit_distance(b, a)) << a << " " << b;
    ASSERT_EQ(edit_distance(a, b) == 0, a == b) << a << " " << b;
    ASSERT_LE(edit_distance(a, c), edit_distance(a, b) + edit_distance(b, c));
  }
}

// Of two years, one department each beside a common one.
Catalogue two_years() {
  std::vector<Target> targets = {target(0, "old.t", "旧事"), target(1, "both.t", "同名"),
                                 target(1, "both.t", "同名"), target(2, "new.t", "新事")};
  for (const std::size_t i : {2, 3}) {
    targets[i].programme = 1;
    targets[i].start = date_of(2027, 1, 1);
    targets[i].deadline = date_of(2027, 12, 31);
  }
  return {{},
          {{"old", "旧"}, {"both", "同"}, {"new", "新"}, {"empty", "空"}},
          std::move(targets),
          {},
          {programme_of_years(2026, 2026), programme_of_years(2027, 2027)}};
}

TEST(CatalogueTest, GroupsAreThePairsThatHaveTargets) {
  const Catalogue all = two_years();
  EXPECT_EQ(all.groups(), (std::vector<Group>{{0, 0}, {0, 1}, {0, 3}, {1, 1}, {1, 2}, {1, 3}}));
  for (Catalogue::Index i = 0; i < all.targets().size(); ++i) {
    const Group& group = all.groups()[all.group_on(i, date_of(2027, 1, 1))];
    EXPECT_EQ(group.programme, all[i].programme);
    EXPECT_EQ(group.department, all[i].department);
  }
}

TEST(CatalogueTest, WithoutWhatIsSettledTheRestIsAsItWas) {
  const Catalogue rest = two_years().without_settled(date_of(2027, 3, 1), {});
  ASSERT_EQ(rest.targets().size(), 2U);
  EXPECT_EQ(rest[0].key, "2027/both.t");
  EXPECT_EQ(rest.programme_of(rest[1]).id, "2027");
  EXPECT_EQ(rest.programmes().size(), 1U);
  EXPECT_EQ(rest.departments().size(), 4U) << "tokens and inboxes name them";
  EXPECT_EQ(rest.groups(), (std::vector<Group>{{0, 1}, {0, 2}, {0, 3}}))
      << "a department of the settled year alone is not counted in the next one";
  ASSERT_EQ(rest.closed().size(), 1U);
  EXPECT_EQ(rest.closed()[0].programme.id, "2026");
  ASSERT_NE(rest.find_closed("旧事"), nullptr);
  EXPECT_EQ(rest.find_closed("old.t")->programme.settles, date_of(2027, 2, 28));
  EXPECT_EQ(rest.find_closed("新事"), nullptr);
}

TEST(CatalogueTest, OnItsLastDayNothingIsLeftOut) {
  const Catalogue all =
      two_years().without_settled(date_of(2027, 2, 28), {programme_of_years(2025, 2025)});
  EXPECT_EQ(all.targets().size(), 4U);
  ASSERT_EQ(all.closed().size(), 1U);
  EXPECT_EQ(all.closed()[0].programme.id, "2025");
  EXPECT_TRUE(all.closed()[0].called.empty());
}

}  // namespace
}  // namespace districtd
