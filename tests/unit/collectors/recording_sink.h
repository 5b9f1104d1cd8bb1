// A sink that keeps what it was given and answers as it was told.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "collectors/submission.h"

namespace districtd {

class RecordingSink : public SubmissionSink {
 public:
  using Decide = std::function<SubmissionResult(const Submission&)>;

  explicit RecordingSink(boost::asio::io_context& io) : io_(io) {}

  void submit(Submission submission, Done done) override {
    received.push_back(submission);
    SubmissionResult result = decide(submission);
    boost::asio::post(io_, [done = std::move(done), result = std::move(result)]() mutable {
      done(std::move(result));
    });
  }

  void close_delivery(const std::string& collector, const std::string& department,
                      const std::string& key) override {
    closed.push_back(collector + ' ' + department + ' ' + key);
  }

  void refused(const std::string& /*collector*/, const Receipt& receipt) override {
    refusals.push_back(receipt);
  }

  static SubmissionResult taken(std::int64_t rows = 1) {
    SubmissionResult result;
    result.outcome = Outcome::taken;
    result.receipt.submission = "20260708-1";
    result.receipt.rows = result.receipt.accepted = rows;
    return result;
  }

  static SubmissionResult refused() {
    SubmissionResult result;
    result.outcome = Outcome::refused;
    result.receipt.submission = "20260708-2";
    result.receipt.rows = result.receipt.rejected = 1;
    result.receipt.header = {"指标", "数值"};
    result.receipt.errors = {{2, "数值", "很多", "value_not_a_number", "数值应为数字。"}};
    result.receipt.refused = {{2, {"文旅投资", "很多"}}};
    return result;
  }

  static SubmissionResult unavailable() {
    SubmissionResult result;
    result.reason = "磁盘已满,暂时不能接收。";
    return result;
  }

  std::vector<Submission> received;
  std::vector<Receipt> refusals;    // by the collector alone
  std::vector<std::string> closed;  // "collector department key"
  Decide decide = [](const Submission&) { return taken(); };

 private:
  boost::asio::io_context& io_;
};

// Runs the event loop until `condition` holds; false where it does not within `deadline`.
inline bool run_until(boost::asio::io_context& io, const std::function<bool()>& condition,
                      std::chrono::seconds deadline = std::chrono::seconds{30}) {
  const auto end = std::chrono::steady_clock::now() + deadline;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    if (io.stopped()) io.restart();
    io.run_one_for(std::chrono::milliseconds{50});
  }
  return true;
}

}  // namespace districtd
