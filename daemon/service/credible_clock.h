// The system's clock, as far as it is credible.
#pragma once

#include <functional>
#include <optional>

#include "base/thread_annotations.h"
#include "daemon/domain/clock_credibility.h"

namespace districtd {

// The system's clocks at one moment.
ClockReading read_clocks();

// Threads: any. The clocks are read and judged anew at each call, so that a jump is noticed by
// whatever asks for the time first.
class CredibleClock {
 public:
  // `read` is read_clocks(), or a test's. Until start() the clock is believed.
  explicit CredibleClock(std::function<ClockReading()> read = read_clocks);

  // To be called before anything is stamped or judged by date. `before`, where there is one, is
  // from a daemon since the same boot.
  void start(ClockBounds bounds, std::optional<ClockAnchor> before);

  // As ClockCredibility::vouch().
  void vouch(std::optional<ClockCredibility::Vouched> vouched);

  ClockVerdict judge();
  KnownTime known() { return judge().known; }

  // nullopt while the clock was never believed.
  std::optional<ClockAnchor> anchor() const;

 private:
  const std::function<ClockReading()> read_;
  mutable Mutex mutex_;
  std::optional<ClockCredibility> credibility_ GUARDED_BY(mutex_);
  std::optional<ClockCredibility::Vouched> vouched_ GUARDED_BY(mutex_);
};

}  // namespace districtd
