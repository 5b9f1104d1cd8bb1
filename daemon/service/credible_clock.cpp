#include "daemon/service/credible_clock.h"

#include <utility>

#include "base/ports/clock.h"

namespace districtd {

// The thread may be stopped between two clocks, and the difference would look like a jump.
ClockReading read_clocks() {
  constexpr std::chrono::seconds kAtOnce{1};
  for (int attempt = 0;; ++attempt) {
    const ClockReading reading{now(), since_boot(), is_clock_synchronised()};
    if (attempt == 3 || since_boot() - reading.boot < kAtOnce) return reading;
  }
}

CredibleClock::CredibleClock(std::function<ClockReading()> read) : read_(std::move(read)) {}

void CredibleClock::start(ClockBounds bounds, std::optional<ClockAnchor> before) {
  const MutexLock lock(mutex_);
  credibility_.emplace(bounds);
  credibility_->vouch(vouched_);
  if (before) credibility_->resume(*before);
}

void CredibleClock::vouch(std::optional<ClockCredibility::Vouched> vouched) {
  const MutexLock lock(mutex_);
  vouched_ = vouched;
  if (credibility_) credibility_->vouch(vouched);
}

ClockVerdict CredibleClock::judge() {
  // Read under the lock: readings are judged in their order.
  const MutexLock lock(mutex_);
  const ClockReading reading = read_();
  if (!credibility_) return {ClockFault::none, KnownTime{reading.wall}};
  return credibility_->judge(reading);
}

std::optional<ClockAnchor> CredibleClock::anchor() const {
  const MutexLock lock(mutex_);
  return credibility_ ? credibility_->anchor() : std::nullopt;
}

}  // namespace districtd
