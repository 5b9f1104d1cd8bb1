// What was shown on a date can be shown again: a year of random submissions, corrections, catalogue
// edits and restarts is lived through, and each day's answer is compared with the one that the
// store gives afterwards.
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "daemon/config/catalogue_file.h"
#include "daemon/picture/programmes_at.h"
#include "tests/unit/fixture/catalogue_text.h"
#include "tests/unit/fixture/temporary_folder.h"
#include "tests/unit/pipeline/living.h"

namespace districtd {
namespace {

using std::chrono::days;
using std::chrono_literals::operator""h;
using std::chrono_literals::operator""ms;

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  int whole(int from, int to) { return std::uniform_int_distribution<int>{from, to}(engine_); }
  bool one_in(int n) { return whole(1, n) == 1; }

 private:
  std::mt19937 engine_;
};

// A catalogue that an office edits in the course of the year.
class EditedCatalogue {
 public:
  CatalogueSources sources() const {
    std::string toml =
        "[report]\nid = \"r\"\npublisher = \"报\"\npublished = 2026-01-01\ntitle = \"题\"\n"
        "[defaults]\ndue_on_working_day = true\ngrace_days = " +
        std::to_string(grace_days_) + "\n";
    for (int d = 0; d < 3; ++d) {
      toml += "[[department]]\nid = \"d" + std::to_string(d) + "\"\nname = \"部门" +
              std::to_string(d) + "\"\n";
    }
    for (std::size_t i = 0; i < targets_.size(); ++i) toml += text_of(i, targets_[i]);
    toml += kSum;
    std::string holidays = "year = 2026\nsource = \"通知\"\n";
    holidays += "[[holiday]]\nname = \"国庆节\"\nfrom = 2026-10-01\nto = 2026-10-0" +
                std::to_string(holiday_until_) + "\nworking_days = [2026-10-10]\n";
    return {{CatalogueSource::Role::targets, "targets.toml", toml},
            {CatalogueSource::Role::holidays, "2026.toml", holidays}};
  }

  std::size_t size() const { return targets_.size(); }
  static std::string id(std::size_t i) {
    return "d" + std::to_string(i % 3) + ".t" + std::to_string(i);
  }

  void edit(Random& random, Date today) {
    Edited& target =
        targets_[static_cast<std::size_t>(random.whole(0, static_cast<int>(targets_.size()) - 1))];
    switch (random.whole(0, 7)) {
      case 0:
        target.goal += random.whole(-10, 30);
        break;
      case 1:
        if (target.decided < today) {
          target.changed_from = today - days{random.whole(0, 20)};
          target.decided = today;
          target.changed_goal = target.goal + random.whole(-20, 50);
        }
        break;
      case 2:
        target.withdrawn =
            random.one_in(2) ? std::optional{today + days{random.whole(-5, 20)}} : std::nullopt;
        break;
      case 3:
        targets_.emplace_back().added = today;
        break;
      case 4:
        target.weight = random.whole(0, 3);
        break;
      case 5:
        target.margin = random.whole(0, 5);
        break;
      case 6:
        grace_days_ = random.whole(0, 20);
        break;
      default:
        holiday_until_ = random.whole(3, 8);
        break;
    }
  }

 private:
  // Of the targets 4 and 8, which are of two other departments.
  static constexpr std::string_view kSum =
      "[[target]]\nid = \"d0.sum\"\nname = \"合计\"\nkind = \"cumulative\"\ngoal = 200\n"
      "unit = \"个\"\nstart = 2026-01-01\ndeadline = 2026-12-31\nsum_of_parts = true\n"
      "section = \"节\"\nquote = \"句\"\n";
  struct Edited {
    double goal = 100;
    Date changed_from{};
    Date decided{};
    double changed_goal = 0;
    std::optional<Date> added{};
    std::optional<Date> withdrawn{};
    int weight = 1;
    int margin = 1;  // percentage points
  };

  static std::string text_of(std::size_t i, const Edited& target) {
    static constexpr std::array kKinds = {"cumulative", "level", "milestone", "pledge"};
    const std::string_view kind = kKinds[i % kKinds.size()];
    std::string text =
        "[[target]]\nid = \"" + id(i) + "\"\nname = \"指标" + std::to_string(i) + "\"\nkind = \"" +
        std::string(kind) + "\"\nstart = 2026-01-01\ndeadline = 2026-1" +
        (i % 2 == 0 ? "2-31" : "0-31") +
        "\nsection = \"节\"\nquote = \"句\"\nweight = " + std::to_string(target.weight) + "\n";
    if (kind == "cumulative" || kind == "level") {
      text += "goal = " + std::to_string(target.goal) + "\nunit = \"" +
              (kind == "level" ? "%" : "个") + "\"\ntolerance = { margin = 0.0" +
              std::to_string(target.margin) + " }\n";
    }
    if (kind == "milestone" && i % 3 == 0) text += "pace = \"monthly\"\n";
    if (i == 4 || i == 8) text += "parent = \"d0.sum\"\n";
    if (target.added) text += "added = " + to_string(*target.added) + "\n";
    if (target.withdrawn && (!target.added || *target.withdrawn >= *target.added)) {
      text += "withdrawn = " + to_string(*target.withdrawn) + "\nwithdrawal_reason = \"会议\"\n";
    }
    if (kind == "cumulative" && target.changed_goal > 0 &&
        target.changed_from > date_of(2026, 1, 1) && target.changed_from < date_of(2026, 10, 31)) {
      text += "[[target.change]]\nfrom = " + to_string(target.changed_from) +
              "\ndecided = " + to_string(target.decided) +
              "\nreason = \"会议\"\ngoal = " + std::to_string(target.changed_goal) + "\n";
    }
    if (i == 2) {
      text +=
          "[[target.node]]\nname = \"结顶\"\ndue = 2026-06-30\nshare = 0.5\n"
          "[[target.node]]\nname = \"竣工\"\ndue = 2026-12-31\nshare = 1\n";
    }
    return text;
  }

  std::vector<Edited> targets_ = std::vector<Edited>(12);
  int grace_days_ = 10;
  int holiday_until_ = 7;
};

LoadedCatalogue parsed(const EditedCatalogue& catalogue) {
  return parsed_catalogue(catalogue.sources());
}

std::string shown(const Picture& picture) {
  return to_json(picture.targets()) + to_json(picture.departments());
}

// Where two texts begin to differ.
std::string difference(const std::string& live, const std::string& again) {
  std::size_t at = 0;
  while (at < live.size() && at < again.size() && live[at] == again[at]) ++at;
  const std::size_t from = at < 300 ? 0 : at - 300;
  return "shown:\n" + live.substr(from, 500) + "\nagain:\n" + again.substr(from, 500);
}

class ReplayTest : public ::testing::TestWithParam<unsigned> {
 protected:
  ReplayTest() { log_errors_only(); }

  TemporaryFolder folder_;
};

std::string random_csv(Random& random, const EditedCatalogue& catalogue, Date today,
                       int department) {
  std::string csv = "target,as_of,value\n";
  for (int row = random.whole(1, 6); row > 0; --row) {
    const int row_of_department = random.whole(0, static_cast<int>(catalogue.size()) / 3 - 1);
    const auto i = std::size_t(3) * static_cast<std::size_t>(row_of_department) +
                   static_cast<std::size_t>(department);
    // Mostly of the last months, some corrections of old ones, a few not valid at all.
    const Date as_of = random.one_in(20) ? today + days{3} : today - days{random.whole(0, 90)};
    const std::string value = random.one_in(25)   ? "若干"
                              : random.one_in(15) ? "撤回"
                                                  : std::to_string(random.whole(0, 110));
    const bool is_number = value != "若干" && value != "撤回";
    const std::string place = EditedCatalogue::id(i) + "," + to_string(as_of) + ",";
    const std::string unit = i % 4 == 2 ? "%" : "";
    csv += place + value + (is_number ? unit : "") + "\n";
    // A day that is said more than once, also taken back and said anew.
    if (random.one_in(6)) csv += place + std::to_string(random.whole(0, 110)) + unit + "\n";
    if (random.one_in(25)) csv += place + "撤回\n";
    if (random.one_in(25)) csv += place + std::to_string(random.whole(0, 110)) + unit + "\n";
  }
  return csv;
}

TEST_P(ReplayTest, EachDayOfAYearIsShownAgainExactly) {
  Random random(GetParam());
  std::atomic<std::int64_t> milliseconds{0};
  const auto clock = [&] { return Time{std::chrono::milliseconds{milliseconds.load()}}; };
  const DistrictClock district("Asia/Shanghai", clock);
  const auto set_clock = [&](Date day, std::chrono::milliseconds after) {
    const Time midnight = district.end_of(day - days{1}) + 1ms;
    milliseconds = (midnight + after).time_since_epoch().count();
  };
  const auto path = folder_.path() / "districtd.db";
  const Date first = date_of(2026, 1, 2);
  const Date last = date_of(2027, 1, 20);
  EditedCatalogue catalogue;
  set_clock(first, 0ms);
  auto living = std::make_unique<Living>(path, clock, parsed(catalogue));

  std::map<Date, std::string> live;
  std::int64_t corrected = 0;
  std::int64_t rejected = 0;
  std::vector<std::string> waiting;  // submissions of which rows are held
  int decided = 0;
  for (Date today = first; today <= last; today += days{1}) {
    set_clock(today, 1h);
    living->pipeline().advance_to_today();
    for (int hour = 8; hour < 18; hour += 3) {
      set_clock(today, std::chrono::hours{hour});
      if (random.one_in(4)) {
        const int department = random.whole(0, 2);
        const Receipt receipt = living->take("d" + std::to_string(department),
                                             random_csv(random, catalogue, today, department));
        corrected += receipt.corrected;
        if (receipt.held > 0) waiting.push_back(receipt.submission);
        rejected += receipt.rejected;
      }
      if (!waiting.empty() && random.one_in(6)) {
        const auto which =
            static_cast<std::size_t>(random.whole(0, static_cast<int>(waiting.size()) - 1));
        const bool confirmed = !random.one_in(3);
        EXPECT_TRUE(living->decide(waiting[which], confirmed));
        EXPECT_FALSE(living->decide(waiting[which], confirmed));
        waiting.erase(waiting.begin() + static_cast<std::ptrdiff_t>(which));
        ++decided;
      }
      if (random.one_in(40)) {
        catalogue.edit(random, today);
        living->pipeline().adopt(parsed(catalogue));
      }
    }
    if (random.one_in(60)) {
      living.reset();
      living = std::make_unique<Living>(path, clock, parsed(catalogue));
    }
    live[today] = shown(Picture(living->pipeline().board()));
  }
  living.reset();
  EXPECT_GT(corrected, 10);
  EXPECT_GT(rejected, 3);
  EXPECT_GT(decided, 10);

  const StoreReader store(path);
  EXPECT_GT(store.catalogue(std::nullopt)->number, 5);
  const auto present = std::make_shared<const Catalogue>(parsed(catalogue).catalogue);
  std::size_t changes = 0;
  for (const auto& [day, said] : live) {
    const Moment moment{day, district.end_of(day)};
    ProgrammesAt programmes(present, store, district, moment);
    auto pictures = pictures_at(programmes, "", store, district, moment);
    ASSERT_TRUE(pictures);
    std::string again;
    for (const Picture& picture : *pictures) again += shown(picture);
    ASSERT_EQ(said == again, true) << "seed " << GetParam() << ", " << to_string(day) << "\n"
                                   << difference(said, again);
    if (day > first && said != live[day - days{1}]) ++changes;
  }
  EXPECT_GT(changes, 100u) << "a year in which little happens shows little";
}

INSTANTIATE_TEST_SUITE_P(Seeds, ReplayTest, ::testing::Values(1U, 2U, 3U, 4U));

}  // namespace
}  // namespace districtd
