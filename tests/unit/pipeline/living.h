// The pipeline with all that it needs, for tests.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <prometheus/registry.h>

#include "daemon/exporter/own_metrics.h"
#include "daemon/log/logging.h"
#include "daemon/pipeline/pipeline.h"
#include "daemon/store/reader.h"
#include "daemon/store/store_metrics.h"
#include "tests/unit/fixture/set_clock.h"

namespace districtd {

inline void log_errors_only() {
  LogConfig quiet;
  quiet.level = "error";
  configure_logging(quiet);
}

// The daemon's parts, without its sockets. Its clock is the test's.
class Living {
 public:
  Living(const std::filesystem::path& path, std::function<KnownTime()> clock,
         LoadedCatalogue catalogue)
      : district_clock_("Asia/Shanghai", clock),
        store_(path, clock),
        pipeline_(
            io_, decoder_, store_, registry_, std::move(catalogue),
            StoreReader(path).readings(
                {std::nullopt, [this](Time time) { return district_clock_.date_at(time); }, {}}),
            district_clock_) {
    pipeline_.set_rules({{},
                         static_cast<Oddities>(static_cast<std::uint8_t>(Oddity::decrease) |
                                               static_cast<std::uint8_t>(Oddity::repeated))});
    pipeline_.start();
  }

  ~Living() { decoder_.join(); }
  Living(const Living&) = delete;
  Living& operator=(const Living&) = delete;

  Receipt take(const std::string& department, std::string csv) {
    Submission submission;
    submission.department = department;
    submission.collector = "csv_drop";
    submission.media_type = "text/csv";
    submission.name = "figures.csv";
    submission.body = std::move(csv);
    return submit(std::move(submission)).receipt;
  }

  SubmissionResult submit(Submission submission) {
    std::optional<SubmissionResult> result;
    pipeline_.submit(std::move(submission), [&](SubmissionResult r) { result = std::move(r); });
    while (!result) io_.run_one();
    return std::move(*result);
  }

  // Whether something was decided.
  bool decide(const std::string& submission, bool confirmed) {
    std::optional<Pipeline::DecisionAnswer> decided;
    pipeline_.decide(submission, confirmed, "127.0.0.1",
                     [&](Pipeline::DecisionAnswer made) { decided = std::move(made); });
    while (!decided) io_.run_one();
    return std::holds_alternative<SubmissionResult>(*decided);
  }

  Pipeline& pipeline() { return pipeline_; }
  std::string metrics() const {
    return own_metrics_text(registry_, store_metrics(store_.statistics()));
  }

 private:
  DistrictClock district_clock_;
  boost::asio::io_context io_;
  // Without it the loop would count as stopped between two submissions.
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_open_{
      io_.get_executor()};
  boost::asio::thread_pool decoder_{1};
  prometheus::Registry registry_;
  Store store_;
  Pipeline pipeline_;
};

}  // namespace districtd
