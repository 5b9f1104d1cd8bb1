#include "daemon/service/collectors.h"

#include <algorithm>
#include <utility>

#include "daemon/log/logging.h"
#include "daemon/store/reader.h"

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

void Collectors::adopt(const CollectorConfigs& configs, std::vector<std::string> departments) {
  context_.departments = std::move(departments);
  std::vector<Running> next = going_on(configs);
  // What is left has no entry any more, or has to be made anew. It stops first, because the new one
  // may work in the same directory.
  std::vector<Running> left = std::exchange(running_, {});
  for (const Running& old : left) old.collector->stop();
  for (Running& one : next) {
    if (!one.collector) {
      one.collector = one.config->make(context_);
      if (!one.collector) continue;
      one.collector->start();
    }
    running_.push_back(std::move(one));
  }
  for (Running& old : left) {
    if (!is_named_as_one_that_runs(*old.config)) old.collector->forget_series();
    stopped_.push_back(std::move(old.collector));
  }
  at_work();
}

// One for each entry; with the collector of before, taken out of running_, where that goes on.
std::vector<Collectors::Running> Collectors::going_on(const CollectorConfigs& configs) {
  std::vector<Running> next;
  for (const auto& config : configs) {
    Running one{config, nullptr};
    const auto same = std::find_if(running_.begin(), running_.end(), [&](const Running& old) {
      return &old.config->kind() == &config->kind() && old.config->is_same(*config);
    });
    if (same != running_.end() && same->collector->reload(context_)) {
      one.collector = std::move(same->collector);
      running_.erase(same);
    }
    next.push_back(std::move(one));
  }
  return next;
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

LastTaken last_taken_from(std::filesystem::path store_path) {
  return [path = std::move(store_path)](std::string_view collector, std::string_view department,
                                        std::string_view name) {
    return StoreReader{path}.last_sha256(collector, department, name);
  };
}

}  // namespace districtd
