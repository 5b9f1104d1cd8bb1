#include "daemon/service/collectors.h"

#include <algorithm>
#include <utility>

#include "daemon/log/logging.h"

namespace districtd {

namespace {

LogLevel log_level_of(ReportLevel level) {
  switch (level) {
    case ReportLevel::info:
      return LogLevel::info;
    case ReportLevel::warn:
      return LogLevel::warn;
    case ReportLevel::error:
      return LogLevel::error;
  }
  return LogLevel::error;
}

}  // namespace

CollectorsToRun Collectors::prepare(const CollectorConfigs& configs,
                                    std::vector<std::string> departments) const {
  CollectorContext context = context_;
  context.departments = departments;
  CollectorsToRun next{std::move(departments), {}};
  std::vector<const Collector*> going_on;
  for (const auto& config : configs) {
    const auto same = std::find_if(running_.begin(), running_.end(), [&](const auto& old) {
      const Collector* const collector = old.collector.get();
      return &old.config->kind() == &config->kind() && old.config->is_same(*config) &&
             std::find(going_on.begin(), going_on.end(), collector) == going_on.end();
    });
    CollectorToRun& one = next.entries.emplace_back(CollectorToRun{config, nullptr, nullptr});
    if (same != running_.end() && same->collector->can_go_on(context)) {
      one.going_on = same->collector.get();
      going_on.push_back(one.going_on);
    } else {
      one.made = config->make(context);
    }
  }
  return next;
}

void Collectors::adopt(CollectorsToRun next) {
  context_.departments = std::move(next.departments);
  std::vector<Running> before = std::exchange(running_, {});
  const auto running = [&](const Collector* collector) {
    return std::find_if(before.begin(), before.end(),
                        [&](const Running& old) { return old.collector.get() == collector; });
  };
  // What no entry goes on with is stopped first, because a new one may work in the same directory.
  for (const Running& old : before) {
    const bool goes_on =
        std::any_of(next.entries.begin(), next.entries.end(),
                    [&](const CollectorToRun& one) { return one.going_on == old.collector.get(); });
    if (!goes_on) old.collector->stop();
  }
  for (CollectorToRun& one : next.entries) {
    if (one.going_on != nullptr) {
      const auto old = running(one.going_on);
      old->collector->reloaded();
      running_.push_back({std::move(one.config), std::move(old->collector)});
    } else if (one.made) {
      one.made->start();
      running_.push_back({std::move(one.config), std::move(one.made)});
    }
  }
  for (Running& old : before) {
    if (!old.collector) continue;
    if (!is_named_as_one_that_runs(*old.config)) old.collector->forget_series();
    stopped_.push_back(std::move(old.collector));
  }
  at_work();
}

bool Collectors::is_named_as_one_that_runs(const CollectorConfig& config) const {
  return std::any_of(running_.begin(), running_.end(), [&](const Running& one) {
    return &one.config->kind() == &config.kind() && one.config->name() == config.name();
  });
}

void Collectors::stop() {
  for (Running& one : running_) {
    one.collector->stop();
    stopped_.push_back(std::move(one.collector));
  }
  running_.clear();
}

std::size_t Collectors::at_work() {
  std::erase_if(stopped_, [](const auto& collector) { return !collector->is_at_work(); });
  return stopped_.size();
}

CollectorReport report_to_log() {
  return [](ReportLevel level, std::string_view event, std::string_view message,
            const std::vector<ReportField>& fields) {
    log_event(log_level_of(level), event, message, fields);
  };
}

}  // namespace districtd
