// Judging one value of one target against its schedule. Pure: dates come in as arguments.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "daemon/domain/target.h"

namespace districtd {

// One reported value, as of the end of one day.
struct Reading {
  Date as_of{};
  double value = 0;  // base units
  friend bool operator==(const Reading&, const Reading&) = default;
};

enum class Status { achieved, ahead, on_track, at_risk, behind, overdue, no_data, reported };
inline constexpr std::array kAllStatuses = {Status::achieved, Status::ahead,   Status::on_track,
                                            Status::at_risk,  Status::behind,  Status::overdue,
                                            Status::no_data,  Status::reported};
enum class Light { green, yellow, red, grey, none };

std::string_view to_string(Status status);   // "on_track"
std::string_view to_chinese(Status status);  // "达进度"
std::optional<Status> parse_status(std::string_view text);
Light light_of(Status status);

// How a target stands on a day. Values in base units; shares, progress, deviation and forecast are
// ratios (a deviation of -0.08 is 8 percentage points short). Negative deviation is always
// unfavourable. A field is empty where there is no such thing for this target or no value yet.
struct Assessment {
  Status status = Status::no_data;
  bool report_overdue = false;
  std::optional<Date> as_of;             // of the value that was judged
  std::optional<double> actual;          // not for a pledge
  std::optional<double> expected;        // the value that the schedule asks for at as_of
  std::optional<double> progress;        // (actual - baseline) / (goal - baseline)
  std::optional<double> expected_share;  // at as_of, or at `on` where nothing is reported
  std::optional<double> deviation;
  std::optional<double> forecast;  // progress at the deadline at the average pace so far
  friend bool operator==(const Assessment&, const Assessment&) = default;
};

// Judges a target as of the end of day `on`, from its newest reading up to that day. The value is
// judged at its own as_of; `on` decides only what is past due: overdue, report overdue, and the
// warning before a deadline.
Assessment assess(const Target& target, const std::optional<Reading>& newest, Date on);

// The end of the newest reporting period whose grace has run out on day `on`; nullopt where no
// report was due yet or the cadence is none. Periods are those of the calendar within
// [start, deadline]; the last one ends at the deadline.
std::optional<Date> newest_due_period(const Target& target, Date on);

// Whether the value reaches the goal, in the target's direction. Slack is for rounding only, 1e-12
// of the goal, so that one yuan short of 30亿元 is short.
bool reaches_goal(const Target& target, double value);

}  // namespace districtd
