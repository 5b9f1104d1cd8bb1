// The collectors that run: started, adopted by reloads, stopped.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "collectors/collector.h"

namespace districtd {

// Thread: the event loop's.
class Collectors {
 public:
  explicit Collectors(CollectorContext context) : context_(std::move(context)) {}

  // For the start and for every reload: afterwards a collector runs for each entry. One whose entry
  // is as it was goes on untouched where Collector::reload() says so. The others are stopped before
  // new ones start. `departments` are those of the catalogue in force.
  void adopt(const CollectorConfigs& configs, std::vector<std::string> departments);

  // All, in their order.
  void stop();

  // How many of those that were stopped are still at something.
  std::size_t at_work();

 private:
  struct Running {
    std::shared_ptr<const CollectorConfig> config;
    std::unique_ptr<Collector> collector;
  };

  std::vector<Running> going_on(const CollectorConfigs& configs);
  bool is_named_as_one_that_runs(const CollectorConfig& config) const;

  CollectorContext context_;
  std::vector<Running> running_;
  std::vector<std::unique_ptr<Collector>> stopped_;  // that were still at something
};

// Into the operator's log.
CollectorReport report_to_log();

// From the database at `store_path`, opened anew for each call.
LastTaken last_taken_from(std::filesystem::path store_path);

}  // namespace districtd
