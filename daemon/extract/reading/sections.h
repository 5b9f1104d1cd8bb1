// Stage 1c, sections: the tree that headings make, and what each says of the time of what stands
// below it. A look-back holds until a heading of its own level; what stands below it does not end
// it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "daemon/domain/calendar.h"
#include "daemon/extract/reading/scope.h"

namespace districtd::extract {

// What a heading says about the time of what stands below it.
enum class HeadingTime : std::uint8_t { none, past, future, aside };  // aside: 问题, 工作要求

struct Heading {
  // The level of its numbering: 0 第一部分, 1 一、, 2 (一), 3 1., 4 (1); nothing where it has none.
  std::optional<int> level;
  HeadingTime time = HeadingTime::none;
  bool is_plan = false;     // it names the year that is planned for, or a plan: it ends a look-back
  bool has_time = false;    // it names a time of its own, if only the planned year
  std::optional<Date> due;  // “十五五”时期主要目标, 到2027年
};

class Sections {
 public:
  void enter(const Heading& heading);
  // "一年来,我们主要做了以下工作:" in the text: a look-back that goes on to a heading of the level
  // that it stands below, or to one that is a plan.
  void begin_look_back();
  // A paragraph that begins with the time of the plan: ends what begin_look_back() began.
  void end_look_back() { looks_back_ = false; }
  // "到2028年的主要目标是:" in the text: for what follows, to the next heading.
  void lead(std::optional<Date> due) { lead_ = due; }

  Scope scope() const;
  std::optional<Date> due() const;
  // A heading that plans, or asks, was entered before.
  bool have_planned() const { return have_planned_; }

 private:
  static constexpr std::size_t kRanks = 6;
  struct Open {
    bool is_open = false;
    HeadingTime time = HeadingTime::none;
    bool has_time = false;
    std::optional<Date> due;
  };
  std::size_t rank_of(const Heading& heading) const;

  std::array<Open, kRanks> open_;  // by rank; 0 is the top
  bool looks_back_ = false;
  std::size_t look_back_rank_ = 0;  // of the heading below which it stands; 0: of none
  bool have_planned_ = false;
  std::optional<Date> lead_;
};

}  // namespace districtd::extract
