// A reload of the configuration: read whole, checked whole, and then adopted whole or not at all.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "daemon/config/configuration.h"
#include "daemon/http/server.h"
#include "daemon/service/checked_configuration.h"
#include "daemon/service/service_metrics.h"

namespace districtd {

// One finding for each key of `file` that only a restart can change and that differs. Pure.
Findings what_needs_a_restart(const std::filesystem::path& file, const Configuration& before,
                              const Configuration& next);

// Threads: called on the event loop's. The configuration is read on a worker, so that a province's
// catalogue does not hold up the scrapes, and adopted on the event loop. With one worker one reload
// follows the other.
class Reload {
 public:
  // Makes everything that may fail, changes nothing, and throws where something failed. What it
  // returns puts the configuration in force.
  using PutInForce = std::function<void()>;
  using Prepare = std::function<Result<PutInForce, Findings>(CheckedConfiguration next)>;
  // Called on the event loop's thread when a reload begins. What it returns completes, on a worker,
  // what was loaded; it may throw.
  using Complete = std::function<void(CheckedConfiguration& next)>;
  using Begin = std::function<Complete()>;
  // Called once, later, on the event loop's thread: why the configuration was refused, in which
  // case nothing has changed; empty where it was adopted.
  using Done = std::function<void(const Findings& refused)>;

  // `in_force` is what a reload is compared with. The references outlive this.
  Reload(boost::asio::io_context& io, boost::asio::thread_pool& workers, std::filesystem::path file,
         const Configuration& in_force, ServiceMetrics& metrics, Prepare prepare,
         Begin at_begin = {});

  // Logs reload_refused once a finding where it is refused.
  void begin(Done done);

 private:
  Result<CheckedConfiguration, Findings> load(const Complete& complete) const;
  // Tries what can fail, and puts the configuration in force where nothing did.
  Findings adopt(CheckedConfiguration next);
  void refuse(const Findings& findings);

  boost::asio::io_context& io_;
  boost::asio::thread_pool& workers_;
  const std::filesystem::path file_;
  const Configuration& in_force_;
  ServiceMetrics& metrics_;
  Prepare prepare_;
  Begin at_begin_;
};

// What POST /-/reload answers; `targets` is how many the catalogue in force has.
HttpAnswer reload_answer(const Findings& refused, std::size_t targets);

}  // namespace districtd
