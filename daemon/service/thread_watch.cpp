#include "daemon/service/thread_watch.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/json_writer.h"
#include "base/metric_family.h"
#include "daemon/log/logging.h"

namespace districtd {
namespace {

constexpr const char* kEventLoop = "event_loop";

std::string in_whole_seconds(std::chrono::nanoseconds time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(time).count());
}

std::string sentence(const WatchedThread& thread) {
  return "The thread " + thread.name + " has been stuck for " + in_whole_seconds(thread.busy_for) +
         " s: it " + thread.doing;
}

void add(prometheus::MetricFamily& family, const std::string& thread, double value) {
  prometheus::ClientMetric metric;
  metric.label = {{"thread", thread}};
  metric.gauge.value = value;
  family.metric.push_back(std::move(metric));
}

}  // namespace

void ThreadWatch::look(const std::vector<WatchedThread>& threads, SteadyTime now) {
  late_ = looked_ == SteadyTime{} ? SteadyClock::duration{}
                                  : std::max(SteadyClock::duration{}, now - looked_ - kInterval);
  looked_ = now;
  if (late_ > kLateLoop) {
    log_event(LogLevel::warn, "event_loop_stalled",
              "Nothing was answered for " + in_whole_seconds(late_) +
                  " s: the event loop stood still, or the process was not given the processor",
              {{"seconds", in_whole_seconds(late_)}});
  }
  std::set<std::size_t> before = std::exchange(stuck_, {});
  for (const WatchedThread& thread : threads) {
    const std::vector<LogField> fields = {{"thread", json_text(thread.name)},
                                          {"seconds", in_whole_seconds(thread.busy_for)}};
    if (thread.is_stuck()) {
      stuck_.insert(thread.number);
      if (before.contains(thread.number)) continue;
      log_event(LogLevel::error, "thread_stuck",
                sentence(thread) +
                    "; look at the disk or the network that it waits for (docs/operating.md)",
                fields);
    } else if (before.contains(thread.number)) {
      log_event(LogLevel::info, "thread_moves_again", "The thread " + thread.name + " moves again",
                fields);
    }
  }
}

std::vector<prometheus::MetricFamily> ThreadWatch::metrics(
    const std::vector<WatchedThread>& threads) const {
  struct OfName {
    double busy = 0;
    bool is_stuck = false;
  };
  std::map<std::string, OfName> names;
  names[kEventLoop] = {in_seconds(late_), false};
  for (const WatchedThread& thread : threads) {
    OfName& of_name = names[thread.name];
    of_name.busy = std::max(of_name.busy, in_seconds(thread.busy_for));
    of_name.is_stuck |= thread.is_stuck();
  }
  prometheus::MetricFamily busy;
  busy.name = "districtd_thread_busy_seconds";
  busy.help =
      "For how long the thread has been at its present piece of work; 0 where it waits for work. "
      "Of "
      "the event loop: how late it last came to look.";
  busy.type = prometheus::MetricType::Gauge;
  prometheus::MetricFamily stuck;
  stuck.name = "districtd_thread_stuck";
  stuck.help = "1 where that is longer than any such piece of work takes, else 0.";
  stuck.type = prometheus::MetricType::Gauge;
  for (const auto& [name, of_name] : names) {
    add(busy, name, of_name.busy);
    add(stuck, name, of_name.is_stuck ? 1 : 0);
  }
  return {std::move(busy), std::move(stuck)};
}

std::vector<std::string> stuck_threads(const std::vector<WatchedThread>& threads) {
  std::vector<std::string> sentences;
  for (const WatchedThread& thread : threads) {
    if (thread.is_stuck()) sentences.push_back(sentence(thread) + ".");
  }
  return sentences;
}

}  // namespace districtd
