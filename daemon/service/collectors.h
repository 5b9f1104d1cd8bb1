// The collectors that run: started, adopted by reloads, stopped.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "collectors/collector.h"

namespace districtd {

// Thread: the event loop's.
class Collectors {
 public:
  explicit Collectors(CollectorContext context) : context_(std::move(context)) {}

  // Makes it so that for each entry a collector runs that was made of it, of the start and of every
  // reload. Those whose entry and surroundings are as they were go on untouched; the others are
  // stopped before the new ones start. `departments` are those of the catalogue in force.
  void adopt(const CollectorConfigs& configs, std::vector<std::string> departments);

  // All, in their order.
  void stop();

 private:
  struct Running {
    std::shared_ptr<const CollectorConfig> config;
    std::unique_ptr<Collector> collector;
  };

  std::vector<Running> going_on(const CollectorConfigs& configs);
  bool is_named_as_one_that_runs(const CollectorConfig& config) const;

  CollectorContext context_;
  std::vector<Running> running_;
};

// Into the operator's log.
CollectorReport report_to_log();

// From the database at `store_path`, opened anew for each call.
LastTaken last_taken_from(std::filesystem::path store_path);

}  // namespace districtd
