#include "daemon/service/clock_watch.h"

#include <array>
#include <chrono>
#include <utility>

#include "base/json_writer.h"
#include "base/metric_family.h"
#include "daemon/log/logging.h"

namespace districtd {
namespace {

constexpr std::chrono::hours kSayAgain{1};

constexpr std::array kFaults = {ClockFault::behind_records, ClockFault::ahead_of_records,
                                ClockFault::jumped_ahead, ClockFault::jumped_back};

std::string what_is_wrong(ClockFault fault, const std::string& says, const std::string& reckoned) {
  switch (fault) {
    case ClockFault::none:
      break;
    case ClockFault::behind_records:
      return "the clock says " + says + ", which is earlier than what the store has from " +
             reckoned;
    case ClockFault::ahead_of_records:
      return "the clock says " + says + ", more than a year later than the newest that is known (" +
             reckoned + ")";
    case ClockFault::jumped_ahead:
      return "the clock jumped ahead to " + says + "; by the time since boot it is " + reckoned;
    case ClockFault::jumped_back:
      return "the clock jumped back to " + says + "; by the time since boot it is " + reckoned;
  }
  return {};
}

}  // namespace

std::string why_not_credible(const ClockVerdict& verdict, const DistrictClock& clock) {
  const KnownTime& known = verdict.known;
  const Time read = known.clock_read.value_or(known.time);
  return what_is_wrong(verdict.fault, clock.text_of(read), clock.text_of(known.time)) +
         "; figures are taken, but nothing is judged by date, no bulletin made and no deviation "
         "logged until the clock is set right (timedatectl), or, where it is right, until [clock] "
         "correct_on = " +
         to_string(clock.date_at(read)) + " says so and districtd is reloaded";
}

ClockCredibility::Vouched vouched_from(Date correct_on, const DistrictClock& clock) {
  return {clock.time_at(correct_on, {}), clock.time_at(correct_on + std::chrono::days{2}, {})};
}

ClockWatch::ClockWatch(CredibleClock& credible, Store& store, DistrictClock clock, Keep keep)
    : credible_(credible), store_(store), clock_(std::move(clock)), keep_(std::move(keep)) {}

void ClockWatch::look() {
  const ClockVerdict verdict = credible_.judge();
  const ClockFault before = std::exchange(last_, verdict.fault);
  const bool is_first = !std::exchange(has_looked_, true);
  keep_anchor();
  if (verdict.fault == ClockFault::none) {
    if (before == ClockFault::none && !is_first) return;
    // At the start the clock may have been set right while no daemon ran.
    store_.look_at_clock();
    if (before == ClockFault::none) return;
    log_event(LogLevel::info, "clock_credible",
              "The clock is credible again: it says " + clock_.text_of(verdict.known.time) +
                  "; what was held is judged and logged now",
              {{"clock", json_text(to_rfc3339(verdict.known.time))},
               {"reason", json_text(to_string(before))}});
    return;
  }
  if (verdict.fault == before && steady_now() < say_again_at_) return;
  say_fault(verdict);
}

void ClockWatch::keep_anchor() {
  // Drift is not worth a write; that the clock was set is.
  constexpr std::chrono::minutes kDrift{1};
  const auto anchor = credible_.anchor();
  if (!anchor) return;
  const bool is_kept = kept_ && kept_->is_synchronised == anchor->is_synchronised &&
                       std::chrono::abs(kept_->offset - anchor->offset) <= kDrift;
  if (is_kept) return;
  kept_ = anchor;
  keep_(*anchor);
}

void ClockWatch::say_fault(const ClockVerdict& verdict) {
  say_again_at_ = steady_now() + kSayAgain;
  const KnownTime& known = verdict.known;
  log_event(LogLevel::error, "clock_not_credible", why_not_credible(verdict, clock_),
            {{"reason", json_text(to_string(verdict.fault))},
             {"clock", json_text(to_rfc3339(known.clock_read.value_or(known.time)))},
             {"reckoned", json_text(to_rfc3339(known.time))}});
}

std::string ClockWatch::why_not_ready() const {
  const ClockVerdict verdict = credible_.judge();
  return verdict.fault == ClockFault::none ? "" : why_not_credible(verdict, clock_);
}

std::vector<prometheus::MetricFamily> ClockWatch::metrics() const {
  const ClockFault fault = credible_.judge().fault;
  std::vector<prometheus::MetricFamily> families;
  families.push_back(
      single_metric("districtd_clock_credible",
                    "1 where the clock is believed; else what depends on the day is held, and 0.",
                    prometheus::MetricType::Gauge, fault == ClockFault::none ? 1 : 0));
  prometheus::MetricFamily reasons;
  reasons.name = "districtd_clock_fault";
  reasons.help = "1 for the reason for which the clock is not believed, else 0.";
  reasons.type = prometheus::MetricType::Gauge;
  for (const ClockFault each : kFaults) {
    prometheus::ClientMetric metric;
    metric.label = {{"reason", std::string{to_string(each)}}};
    metric.gauge.value = each == fault ? 1 : 0;
    reasons.metric.push_back(std::move(metric));
  }
  families.push_back(std::move(reasons));
  return families;
}

}  // namespace districtd
