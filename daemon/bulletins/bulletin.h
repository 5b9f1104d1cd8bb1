// What a bulletin says: plain values, made from how things stood at two moments. No files, no
// clock.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/bulletins/sections.h"
#include "daemon/domain/bulletin_kind.h"
#include "daemon/domain/on_schedule.h"
#include "daemon/picture/picture.h"
#include "daemon/status/department_view.h"
#include "daemon/status/target_view.h"
#include "daemon/store/records.h"

namespace districtd {

// Which bulletin, of which moment. `known_at` is the moment of the occasion: the same occasion
// gives the same bulletin whenever it is written.
struct Occasion {
  std::string name;  // of the [[bulletin]], or of the kind; [a-z0-9-]+
  BulletinKind kind = BulletinKind::monthly;
  std::string department;  // an id; "" is the whole district
  Date on{};
  Time known_at{};
  Date before{};  // the occasion before, with which it compares
  Time before_known_at{};

  std::string id() const { return name + "-" + to_string(on); }  // names files and addresses
};

// Targets by what a bulletin counts.
struct BulletinCounts : OnSchedule {
  std::size_t report_overdue = 0;

  void add(const Assessment& a);
  friend bool operator==(const BulletinCounts&, const BulletinCounts&) = default;
};

struct BulletinChange {
  TargetView view;
  std::string text;
  enum class Direction { better, worse, other } direction = Direction::other;
};

struct BulletinDepartment {
  const Department* department;
  Standing standing;
  BulletinCounts counts;
  bool has_sent_nothing = false;  // targets in force, and never a figure for any of them
};

// A point of the year's curve: the mean completion rate of what adds up, against its schedule.
struct CurvePoint {
  Date date{};
  double progress = 0;  // ratios
  double expected = 0;
};

struct Bulletin {
  Occasion occasion;
  std::string district;
  std::string issuer;  // who signs it
  BulletinPeriod period;
  const Department* department = nullptr;  // nullptr: the whole district
  std::string title;       // "关于2026年1—6月目标任务进展情况的通报"
  std::string known_text;  // "2026年7月8日09:00"

  BulletinCounts counts;
  std::optional<BulletinCounts> before;  // where anything had been reported by then
  std::vector<BulletinChange> changes;   // of lights since the occasion before
  std::vector<CurvePoint> curve;
  std::size_t curve_targets = 0;  // how many it is made of, the same at each point

  std::vector<BulletinDepartment> departments;  // by rank, then those without one

  // Red before yellow, the farthest behind first; what was red when it went silent among them.
  std::vector<TargetView> not_reached;
  std::vector<TargetView> targets;  // the annex

  std::vector<ComposedSection> sections;  // all of the list, in its order
  // The sentences of a section; none where the list has no section of that name.
  std::span<const std::string> sentences_of(std::string_view section) const;

  // Nothing to say in a daily digest.
  bool is_unchanged() const {
    return changes.empty() && sentences_of("corrections").empty() && !reports_changed;
  }
  bool reports_changed = false;
};

// What a bulletin is composed of, each by Picture::of_period(). They outlive it, as it points into
// them.
struct BulletinPictures {
  const Picture& now;      // of the occasion
  const Picture& before;   // of the one before, as it was then
  const Picture& revised;  // of the one before, by what is known now
};

// Composes it. `corrections` are those that were received between the two occasions. The names of
// `sections` outlive the bulletin too.
Bulletin compose(Occasion occasion, std::string district, std::string issuer,
                 const DistrictClock& clock, const BulletinPictures& pictures,
                 const std::vector<Correction>& corrections,
                 std::span<const BulletinSection> sections = bulletin_sections());

}  // namespace districtd
