// The collectors that run: started, adopted by reloads, stopped.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "collectors/collector.h"

namespace districtd {

// What is to run for one entry of a configuration: a collector that runs already and goes on, one
// that was made for it, or, where the entry needs none, neither.
struct CollectorToRun {
  std::shared_ptr<const CollectorConfig> config;
  const Collector* going_on = nullptr;
  std::unique_ptr<Collector> made;
};
struct CollectorsToRun {
  std::vector<std::string> departments;
  std::vector<CollectorToRun> entries;
};

// Thread: the event loop's.
class Collectors {
 public:
  explicit Collectors(CollectorContext context) : context_(std::move(context)) {}

  // For the start and for every reload, in two steps. The first makes what is not there yet, and
  // throws where that fails; nothing has changed then. `departments` are those of the catalogue
  // that comes into force.
  CollectorsToRun prepare(const CollectorConfigs& configs,
                          std::vector<std::string> departments) const;

  // The second: afterwards a collector runs for each entry. One whose entry is as it was goes on
  // untouched where Collector::can_go_on() says so. The others are stopped before new ones start.
  // `next` was prepared since the last call.
  void adopt(CollectorsToRun next);

  // All, in their order.
  void stop();

  // How many of those that were stopped are still at something.
  std::size_t at_work();

 private:
  struct Running {
    std::shared_ptr<const CollectorConfig> config;
    std::unique_ptr<Collector> collector;
  };

  bool is_named_as_one_that_runs(const CollectorConfig& config) const;

  CollectorContext context_;
  std::vector<Running> running_;
  std::vector<std::unique_ptr<Collector>> stopped_;  // that were still at something
};

// Into the operator's log.
CollectorReport report_to_log();

}  // namespace districtd
