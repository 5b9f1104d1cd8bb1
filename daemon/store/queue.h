// What waits for the store's thread: submissions and decisions in the order in which they came.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>

#include "base/digest.h"
#include "daemon/store/append.h"
#include "daemon/store/held_rows.h"
#include "daemon/store/recorded.h"
#include "daemon/store/statistics.h"
#include "daemon/store/writer.h"

namespace districtd {

// A submission on its way: write(), and once that is committed count() and answer(); or refuse().
class QueuedAppend {
 public:
  QueuedAppend(Append append, std::function<void(Appended)> done)
      : append_(std::move(append)), done_(std::move(done)) {}

  std::size_t rows() const { return append_.decoded.observations.size(); }
  // Written in a transaction of its own that is rolled back, and answered then: the same code
  // decides as for what is kept.
  bool is_dry_run() const { return append_.submission.is_dry_run; }
  // Reckons the body's SHA-256 and gives its memory back. To be called before write(), and outside
  // of the transaction: it may take long.
  void digest();
  // Within the open transaction; again where an earlier one was rolled back. Throws as Writer.
  void write(Writer& writer);
  void count(StoreStatistics& statistics, HeldRows& held) const;
  void answer();
  // Answers that nothing was kept; `sentence` as Unavailable::sentence.
  void refuse(const std::string& sentence);

 private:
  void answer(RecordedSubmission& recorded);
  void answer(Repeated& repeated);

  Append append_;
  std::function<void(Appended)> done_;
  struct Body {
    Sha256 sha256;
    std::uint64_t bytes;
  };
  std::optional<Body> body_;
  std::optional<RecordedAppend> recorded_;
};

// A decision on its way, likewise.
class QueuedDecision {
 public:
  QueuedDecision(Decision decision, std::function<void(DecisionResult)> done)
      : decision_(std::move(decision)), done_(std::move(done)) {}

  static bool is_dry_run() { return false; }
  std::size_t rows() const { return 0; }  // NOLINT(readability-convert-member-functions-to-static)
  void digest() {}
  void write(Writer& writer);
  void count(StoreStatistics& statistics, HeldRows& held) const;
  void answer();
  void refuse(const std::string& sentence);

 private:
  Decision decision_;
  std::function<void(DecisionResult)> done_;
  std::optional<RecordedDecisionOrWhyNot> recorded_;
};

using Queued = std::variant<QueuedAppend, QueuedDecision>;

inline bool is_dry_run(const Queued& queued) {
  return std::visit([](const auto& one) { return one.is_dry_run(); }, queued);
}

}  // namespace districtd
