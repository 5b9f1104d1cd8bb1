// What holds of judging whatever the target and the figures are.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daemon/domain/board.h"
#include "daemon/domain/pace.h"
#include "tests/unit/fixture/targets.h"

namespace districtd {
namespace {

using std::chrono::days;
using testing::assess;
using testing::Random;

// A target as the catalogue loader lets it through, of any kind, pace, direction and period.
Target any_target(Random& random) {
  Target target = testing::cumulative(1, random.one_of<std::string>({"亿元", "%", "个", "吨"}));
  target.kind = random.one_of<Kind>({Kind::cumulative, Kind::level, Kind::milestone});
  target.direction = random.coin() ? Direction::at_least : Direction::at_most;
  target.goal = std::round(random.real(-50, 50) * 100) / 100 + 0.005;
  target.baseline = random.coin() ? 0.0 : std::round(random.real(-50, 50) * 100) / 100;
  if (target.kind == Kind::level && random.coin()) target.baseline.reset();
  target.start = random.date();
  target.deadline = target.start + days{random.whole(0, 800)};
  target.pace = random.one_of<Pace>({Pace::monthly, Pace::deadline, Pace::plan});
  if (target.pace == Pace::plan) {
    const Date middle = target.start + (target.deadline - target.start) / 2;
    if (middle < target.deadline) target.plan.push_back({middle, random.real(0, 1)});
    target.plan.push_back({target.deadline, 1.0});
  }
  target.cadence =
      random.one_of<Cadence>({Cadence::none, Cadence::week, Cadence::month, Cadence::quarter});
  target.grace_days = random.whole(0, 40);
  target.tolerance = random.coin() ? Tolerance{} : Tolerance{0.02, 0.08, 0.2};
  return target;
}

// Near what is expected as often as far from it, and on the goal now and then.
double any_value(Random& random, const Target& target) {
  const double from = target.baseline.value_or(0);
  if (random.whole(0, 9) == 0) return *target.goal;
  return from + random.real(-0.3, 1.4) * (*target.goal - from);
}

Date any_day_of(Random& random, const Target& target) {
  return target.start +
         days{random.whole(0, static_cast<int>((target.deadline - target.start).count()) + 60)};
}

Target mirrored(Target target) {
  target.goal = -*target.goal;
  if (target.baseline) target.baseline = -*target.baseline;
  target.direction =
      target.direction == Direction::at_least ? Direction::at_most : Direction::at_least;
  return target;
}

void expect_opposite(const std::optional<double>& a, const std::optional<double>& b) {
  ASSERT_EQ(a.has_value(), b.has_value());
  if (a) {
    EXPECT_DOUBLE_EQ(*a, -*b);
  }
}

void expect_same(const std::optional<double>& a, const std::optional<double>& b) {
  ASSERT_EQ(a.has_value(), b.has_value());
  if (a) {
    EXPECT_DOUBLE_EQ(*a, *b);
  }
}

// What mirrors exactly is judging; that a rate to be kept below is never ahead is a rule of its
// own.
Status but_for_ahead(const Target& target, Status status) {
  return target.kind == Kind::level && status == Status::ahead ? Status::on_track : status;
}

TEST(JudgingPropertyTest, AtMostMirrorsAtLeastExactly) {
  Random random(1);
  for (int round = 0; round < 20000; ++round) {
    const Target target = any_target(random);
    const Reading up{any_day_of(random, target), any_value(random, target)};
    const Reading down{up.as_of, -up.value};
    const Date on = up.as_of + days{random.whole(0, 100)};
    const Assessment a = assess(target, up, on);
    const Assessment b = assess(mirrored(target), down, on);
    SCOPED_TRACE("round " + std::to_string(round));
    ASSERT_EQ(to_string(but_for_ahead(target, a.status)),
              to_string(but_for_ahead(target, b.status)));
    ASSERT_EQ(a.report_overdue, b.report_overdue);
    expect_same(a.deviation, b.deviation);
    expect_same(a.progress, b.progress);
    expect_same(a.required_pace, b.required_pace);
    expect_same(a.expected_share, b.expected_share);
    expect_opposite(a.expected, b.expected);
    expect_opposite(a.actual, b.actual);
  }
}

TEST(JudgingPropertyTest, ABetterValueNeverDeviatesWorse) {
  Random random(2);
  for (int round = 0; round < 20000; ++round) {
    const Target target = any_target(random);
    // Of a rate or a ceiling no later value counts.
    const bool is_kept = target.kind == Kind::level || is_ceiling(target);
    const Date as_of = is_kept ? std::min(any_day_of(random, target), target.deadline)
                               : any_day_of(random, target);
    double worse = any_value(random, target);
    double better = any_value(random, target);
    if ((worse > better) == (target.direction == Direction::at_least)) std::swap(worse, better);
    const Date on = as_of + days{random.whole(0, 30)};
    const Assessment a = assess(target, Reading{as_of, worse}, on);
    const Assessment b = assess(target, Reading{as_of, better}, on);
    ASSERT_EQ(a.deviation.has_value(), !expects_nothing_yet(target, as_of)) << "round " << round;
    ASSERT_EQ(b.deviation.has_value(), a.deviation.has_value()) << "round " << round;
    if (a.deviation) {
      ASSERT_LE(*a.deviation, *b.deviation) << "round " << round;
    }
    if (a.status == Status::achieved) {
      ASSERT_EQ(b.status, Status::achieved) << "round " << round;
    }
  }
}

TEST(JudgingPropertyTest, TheSignOfTheDeviationIsTheColourOfTheLight) {
  Random random(3);
  for (int round = 0; round < 20000; ++round) {
    Target target = any_target(random);
    if (target.pace == Pace::deadline) target.pace = Pace::monthly;
    target.tolerance = Tolerance{};
    const Date as_of = std::min(any_day_of(random, target), target.deadline);
    const Assessment result = assess(target, Reading{as_of, any_value(random, target)}, as_of);
    if (std::abs(*result.deviation) < 1e-6 || result.status == Status::achieved) continue;
    const Light light = light_of(result.status);
    ASSERT_EQ(light == Light::green, *result.deviation > 0) << "round " << round;
  }
}

// What a department sent: a value for a day, in the order of sending. A later one for the same day
// is a correction.
struct Observation {
  Reading reading;
  int sent;
};

std::vector<Observation> any_history(Random& random, const Target& target) {
  std::vector<Observation> history;
  for (int sent = 0, n = random.whole(0, 15); sent < n; ++sent) {
    const bool corrects = sent > 0 && random.whole(0, 2) == 0;
    const Date as_of = corrects ? random.one_of(history).reading.as_of : any_day_of(random, target);
    history.push_back({{as_of, any_value(random, target)}, sent});
  }
  return history;
}

TEST(JudgingPropertyTest, NeverDependsOnTheOrderOfObservations) {
  Random random(4);
  for (int round = 0; round < 300; ++round) {
    std::vector<Target> targets;
    std::vector<std::pair<Catalogue::Index, Observation>> all;
    std::vector<std::vector<Reading>> counting;  // by target
    for (Catalogue::Index i = 0; i < 5; ++i) {
      targets.push_back(any_target(random));
      targets.back().id = "culture-tourism.t" + std::to_string(i);
      // What counts, picked by sorting: of each day what was sent last.
      std::map<std::pair<Date, int>, Reading> sorted;
      for (const Observation& o : any_history(random, targets.back())) {
        all.emplace_back(i, o);
        sorted[{o.reading.as_of, o.sent}] = o.reading;
      }
      counting.emplace_back();
      for (const auto& [key, reading] : sorted) counting.back().push_back(reading);
    }
    const auto catalogue = std::make_shared<const Catalogue>(
        std::vector<Report>{}, std::vector<Department>{{"culture-tourism", "区文旅局"}}, targets);
    Readings known;
    for (Catalogue::Index i = 0; i < targets.size(); ++i) {
      for (const Reading& reading : counting[i]) known.record((*catalogue)[i].key, reading);
    }
    const Date today = testing::day(2031, 1, 1) + days{random.whole(0, 2000)};
    const Board at_once(catalogue, known, today);

    for (int order = 0; order < 4; ++order) {
      std::shuffle(all.begin(), all.end(), random.engine());
      Board one_by_one(catalogue, Readings{}, today);
      std::map<std::pair<Catalogue::Index, Date>, int> seen;
      for (const auto& [i, o] : all) {
        const auto [last, is_first] = seen.try_emplace({i, o.reading.as_of}, o.sent);
        if (!is_first && o.sent < last->second) continue;
        last->second = o.sent;
        one_by_one.record(i, o.reading);
      }
      for (Catalogue::Index i = 0; i < targets.size(); ++i) {
        ASSERT_EQ(one_by_one[i], at_once[i]) << "round " << round << " target " << i;
      }
      for (const Status status : kAllStatuses) {
        ASSERT_EQ(one_by_one.counts(0).of(status), at_once.counts(0).of(status))
            << to_string(status);
      }
    }
  }
}

}  // namespace
}  // namespace districtd
