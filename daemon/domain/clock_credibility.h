// Whether the clock can be believed. Pure: readings come in as values.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/time.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/known_time.h"

namespace districtd {

// The clocks at one moment.
struct ClockReading {
  Time wall{};                        // the system's clock, which can be set
  std::chrono::milliseconds boot{0};  // time since the machine was started, which nobody sets
  std::optional<bool> synchronised;   // whether NTP keeps `wall` in time; nullopt: nobody knows
};

// Between which times a clock is believed that was never read before.
struct ClockBounds {
  Time floor{};     // it is certainly not earlier
  Time earliest{};  // what is believed
  Time latest{};
};

// By the newest time that the store has: a little before it, and 400 days after it, which is more
// than a year without a single figure.
ClockBounds bounds_of_records(Time newest);
// Where the store is empty: five years before the first day of the catalogue, and after its last.
ClockBounds bounds_of_catalogue(Date first, Date last);

// Where the clock stands against the time since boot, when it was believed last. It stays the same
// for as long as nobody sets the clock, also while the machine sleeps.
struct ClockAnchor {
  std::chrono::milliseconds offset{0};  // wall - boot
  bool is_synchronised = false;         // NTP kept the clock in time then
  friend bool operator==(const ClockAnchor&, const ClockAnchor&) = default;
};

// Why the clock is not believed.
enum class ClockFault {
  none,
  behind_records,    // at the start: it is earlier than what the store has
  ahead_of_records,  // at the start: it is later than anything that can be
  jumped_ahead,      // it was set, and nothing says that this was right
  jumped_back,
};
std::string_view to_string(ClockFault fault);  // "behind_records" ...: metrics and log

struct ClockVerdict {
  ClockFault fault = ClockFault::none;
  KnownTime known;
};

// Judges the clock from reading to reading. The rules, in this order:
// - What the operator says is right is right.
// - A clock that moved with the time since boot, but for kClockTolerance, is as good as it was.
// - One that moved otherwise has jumped. It is believed again when it is back where the time since
//   boot says; when NTP, which did not keep it in time before, does now; or when NTP has kept it
//   in time for kLongestPoll since the jump.
// - At the start it is believed between the bounds, or where NTP keeps it in time.
// Where NTP's state is not known nothing is concluded from it.
class ClockCredibility {
 public:
  // What does not change a day by more than a moment, and what people set by hand.
  static constexpr std::chrono::minutes kClockTolerance{10};
  // Longer than systemd-timesyncd (34 min) and chrony (17 min) wait between two questions, so that
  // a server that was wrong once has been asked again.
  static constexpr std::chrono::minutes kLongestPoll{40};

  explicit ClockCredibility(ClockBounds bounds) : bounds_(bounds) {}

  // The clock was believed before, by a daemon since the same boot.
  void resume(const ClockAnchor& anchor) { anchor_ = anchor; }

  // The operator says that the clock is right while it says a time in [from, until).
  struct Vouched {
    Time from;
    Time until;
  };
  void vouch(std::optional<Vouched> vouched) { vouched_ = vouched; }

  // Readings come in the order in which they were taken.
  ClockVerdict judge(const ClockReading& reading);

  const std::optional<ClockAnchor>& anchor() const { return anchor_; }

 private:
  struct Jump {
    std::chrono::milliseconds offset;
    std::optional<std::chrono::milliseconds> synchronised_since;  // by the time since boot
  };

  ClockFault fault_of(const ClockReading& reading);
  ClockFault fault_at_the_start(const ClockReading& reading) const;
  bool is_settled(const ClockReading& reading, std::chrono::milliseconds offset);
  void believe(const ClockReading& reading);
  Time reckoned(const ClockReading& reading) const;

  ClockBounds bounds_;
  std::optional<Vouched> vouched_;
  std::optional<ClockAnchor> anchor_;
  std::optional<Jump> jump_;
  std::optional<std::chrono::milliseconds> first_boot_;  // of the first reading
  int reckoning_ = 0;
};

}  // namespace districtd
