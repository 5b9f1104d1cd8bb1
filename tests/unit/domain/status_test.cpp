// The design page, "Judging": the table of statuses; and that what lies outside the program and
// speaks of statuses (dashboards, alerts, documents) says what the table says.
#include "daemon/domain/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace districtd {
namespace {

using ::testing::HasSubstr;

const std::filesystem::path kRoot = PROJECT_ROOT;

const std::map<Light, std::string> kWords = {{Light::green, "green"},
                                             {Light::yellow, "yellow"},
                                             {Light::red, "red"},
                                             {Light::grey, "grey"},
                                             {Light::none, "none"}};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(kRoot / file);
  EXPECT_TRUE(in) << file;
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::smatch> matches_in(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  return {std::sregex_iterator(text.begin(), text.end(), regex), std::sregex_iterator()};
}

TEST(StatusTest, WordsAndLightsAreThoseOfTheDesignPage) {
  struct Row {
    Status status;
    std::string word;
    std::string chinese;
    Light light;
    int code;
  };
  const std::array rows = {
      Row{Status::achieved, "achieved", "已完成", Light::green, 1},
      Row{Status::ahead, "ahead", "超进度", Light::green, 2},
      Row{Status::on_track, "on_track", "达进度", Light::green, 3},
      Row{Status::at_risk, "at_risk", "略滞后", Light::yellow, 4},
      Row{Status::achieved_late, "achieved_late", "逾期完成", Light::yellow, 5},
      Row{Status::behind, "behind", "欠进度", Light::red, 6},
      Row{Status::overdue, "overdue", "逾期未完成", Light::red, 7},
      Row{Status::settling, "settling", "期满待报", Light::grey, 8},
      Row{Status::stale, "stale", "停报", Light::grey, 9},
      Row{Status::no_data, "no_data", "未报送", Light::grey, 10},
      Row{Status::reported, "reported", "已报送", Light::none, 11},
  };
  EXPECT_EQ(kAllStatuses.size(), rows.size());
  for (const auto& row : rows) {
    EXPECT_EQ(to_string(row.status), row.word);
    EXPECT_EQ(to_chinese(row.status), row.chinese);
    EXPECT_EQ(light_of(row.status), row.light);
    EXPECT_EQ(row_of(row.status).code, row.code);
    EXPECT_EQ(parse_status(row.word), row.status);
  }
  EXPECT_EQ(parse_status("On_track"), std::nullopt);
  EXPECT_EQ(parse_status(""), std::nullopt);
}

TEST(StatusTest, NoTwoShareAWordANumberOrAPlace) {
  std::set<std::string_view> words;
  std::set<std::string_view> chinese;
  std::set<int> codes;
  std::set<int> places;
  for (const StatusRow& row : kStatusTable) {
    words.insert(row.word);
    chinese.insert(row.chinese);
    codes.insert(row.code);
    places.insert(row.urgency);
  }
  for (const std::size_t distinct : {words.size(), chinese.size(), codes.size(), places.size()}) {
    EXPECT_EQ(distinct, kStatusTable.size());
  }
}

// What a red light says comes before what a yellow one says, and that before all others.
TEST(StatusTest, UrgencyFollowsTheLight) {
  const auto rank = [](Light light) {
    return light == Light::red ? 0 : light == Light::yellow ? 1 : 2;
  };
  for (const StatusRow& a : kStatusTable) {
    for (const StatusRow& b : kStatusTable) {
      if (rank(a.light) < rank(b.light)) {
        EXPECT_LT(a.urgency, b.urgency) << a.word << b.word;
      }
    }
  }
}

// dashboards/src/words.ts has one line a status: { status: 'behind', light: 'red', code: 6, text: …
// }
TEST(StatusTest, TheDashboardsHaveEachStatusWithItsWordAndLight) {
  struct Line {
    std::string light;
    std::string chinese;
  };
  std::map<std::string, Line, std::less<>> lines;
  std::set<std::string> codes;
  const std::string words = text_of("dashboards/src/words.ts");
  for (const auto& match : matches_in(
           words, R"(\{ status: '(\w+)', light: '(\w+)', code: (\d+), text: '\S+ ([^']+)' \})")) {
    EXPECT_TRUE(lines.emplace(match.str(1), Line{match.str(2), match.str(4)}).second)
        << match.str(1);
    EXPECT_TRUE(codes.insert(match.str(3)).second) << match.str(3);
  }
  EXPECT_EQ(lines.size(), kStatusTable.size());
  for (const StatusRow& row : kStatusTable) {
    const auto line = lines.find(row.word);
    ASSERT_NE(line, lines.end()) << row.word;
    EXPECT_EQ(line->second.chinese, row.chinese) << row.word;
    EXPECT_EQ(line->second.light, kWords.at(row.light)) << row.word;
  }
}

// A number that is none of the table's would be an alert that never comes.
TEST(StatusTest, AlertRulesAndTheirTestsNameOnlyNumbersOfTheTable) {
  std::set<int> codes;
  for (const StatusRow& row : kStatusTable) codes.insert(row.code);
  std::size_t named = 0;
  for (const char* const file :
       {"config/prometheus/rules/targets.yml", "config/prometheus/rules/recording.yml"}) {
    const std::string text = text_of(file);
    // A range over the statuses themselves would still see the light of an hour ago.
    EXPECT_EQ(text.find("district_target_status{"), std::string::npos) << file;
    for (const auto& match : matches_in(text, R"re(code(?:\[1h\]\))? ?[<>=]=(?: bool)? (\d+))re")) {
      EXPECT_TRUE(codes.contains(std::stoi(match.str(1)))) << file << ": " << match.str();
      ++named;
    }
  }
  EXPECT_GE(named, 5U);
}

// But for what is done, if late: nobody has to do anything about it.
TEST(StatusTest, EveryRedAndYellowStatusHasItsAlertAndSaysItsWord) {
  const std::string rules = text_of("config/prometheus/rules/targets.yml");
  for (const StatusRow& row : kStatusTable) {
    if (row.light != Light::red && row.light != Light::yellow) continue;
    const auto rule =
        rules.find("district:target_announced:code == " + std::to_string(row.code) + "\n");
    if (row.status == Status::achieved_late) {
      EXPECT_EQ(rule, std::string::npos);
      continue;
    }
    ASSERT_NE(rule, std::string::npos) << row.word;
    const std::string alert = rules.substr(rule, rules.find("- alert:", rule) - rule);
    // Of a ceiling it says other words.
    EXPECT_THAT(alert, HasSubstr("{{ else }}" + std::string{row.chinese} + "{{ end }}"));
    EXPECT_THAT(alert, HasSubstr("{{ $labels.target }}" + std::string{row.chinese} + "{{ end -}}"));
  }
}

TEST(StatusTest, TheDocumentOfTheCatalogueHasTheTable) {
  const std::string document = text_of("docs/catalogue.md");
  for (const StatusRow& row : kStatusTable) {
    EXPECT_THAT(document,
                HasSubstr("| `" + std::string{row.word} + "` | " + std::string{row.chinese} +
                          " | " + kWords.at(row.light) + " |"));
  }
}

}  // namespace
}  // namespace districtd
