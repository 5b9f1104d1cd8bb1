// Says whether the clock is credible: to the log, to Prometheus, to /-/ready and to the store.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>

#include "base/ports/clock.h"
#include "daemon/config/district_clock.h"
#include "daemon/service/credible_clock.h"
#include "daemon/store/store.h"

namespace districtd {

// One English sentence for the operator: what the clock says, what it should say, and what to do.
// `clock` gives the district's date and time.
std::string why_not_credible(const ClockVerdict& verdict, const DistrictClock& clock);

// From the beginning of the day in the district to the end of the next one: long enough for a
// reload and for a look at what it did.
ClockCredibility::Vouched vouched_from(Date correct_on, const DistrictClock& clock);

// Threads: the event loop's; metrics() and why_not_ready() any. The references outlive it.
class ClockWatch {
 public:
  // `keep` makes what it is given survive a restart, and does not wait for that.
  using Keep = std::function<void(ClockAnchor)>;
  ClockWatch(CredibleClock& credible, Store& store, DistrictClock clock, Keep keep);

  // To be called every few seconds. Logs clock_not_credible when it ceases to be and each hour
  // after that, and clock_credible when it is again; the store is told then. Where the clock was
  // set and is believed, that is kept.
  void look();

  // "" where the clock is credible, else why_not_credible() at this moment.
  std::string why_not_ready() const;

  // districtd_clock_credible 0|1 and districtd_clock_fault{reason} 0|1, at this moment.
  std::vector<prometheus::MetricFamily> metrics() const;

 private:
  void say_fault(const ClockVerdict& verdict);
  void keep_anchor();

  CredibleClock& credible_;
  Store& store_;
  const DistrictClock clock_;
  const Keep keep_;
  std::optional<ClockAnchor> kept_;
  ClockFault last_ = ClockFault::none;
  SteadyTime say_again_at_{};
  bool has_looked_ = false;
};

}  // namespace districtd
