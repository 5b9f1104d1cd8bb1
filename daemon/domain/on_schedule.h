// The share of targets on schedule (达到序时进度的占比): status, bulletins and /metrics count by
// it.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "daemon/domain/assessment.h"
#include "daemon/domain/reports.h"

namespace districtd {

// What people read of a target that owed a report of the period asked about and has none.
inline constexpr std::string_view kUnreportedWord = "本期未报";

// Counts targets in force. What cannot be judged is in no share, and always said beside it.
struct OnSchedule {
  std::size_t total = 0;
  std::array<std::size_t, kAllStatuses.size()> by_status{};
  // Asked about a period: what owed a report of it and has none, whatever its light. It is in
  // `total` and under no status.
  std::size_t unreported = 0;

  void add(const Assessment& assessment);
  void remove(const Assessment& assessment);  // one that was added

  OnSchedule& operator+=(const OnSchedule& other);

  std::size_t of(Status status) const { return by_status[static_cast<std::size_t>(status)]; }
  std::size_t of(Light light) const;  // of every status with that light
  std::size_t reached() const { return of(Light::green); }
  std::size_t not_reached() const { return of(Light::yellow) + of(Light::red); }
  std::size_t judged() const { return reached() + not_reached(); }
  // green / (green + yellow + red); nullopt where nothing is judged.
  std::optional<double> share() const;

  friend bool operator==(const OnSchedule&, const OnSchedule&) = default;
};

// What the share leaves out: "期满待报 2 项、停报 1 项、未报送 3 项"; "" where it is nothing.
// Pledges have no light and are no part of it.
std::string left_out_of(const OnSchedule& counts);

}  // namespace districtd
