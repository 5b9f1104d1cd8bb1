// Who waits for the store to answer, and since when.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ports/clock.h"
#include "base/thread_annotations.h"
#include "collectors/submission.h"
#include "daemon/pipeline/submission_log.h"

namespace districtd {

// A submission that was handed to the store and whose sender has no answer yet.
struct AnswerDue {
  SubmissionSink::Done done;
  SubmissionOrigin origin;
  std::string department;
  SteadyTime since;
  bool is_given_up = false;
};

// Threads: any; whichever has decoded a submission adds it.
class AnswersDue {
 public:
  // The number by which to take() it.
  std::uint64_t add(AnswerDue due);

  // What was added under the number, once the store has answered: also what was given up, and what
  // `done` holds with it.
  AnswerDue take(std::uint64_t number);

  // Those that were added before `time` and are not given up yet, oldest first. They are now.
  std::vector<AnswerDue> give_up(SteadyTime time);

  // Whether the store has not answered yet what was given up.
  bool has_given_up() const;

 private:
  mutable Mutex mutex_;
  std::uint64_t next_ GUARDED_BY(mutex_) = 0;
  std::map<std::uint64_t, AnswerDue> due_ GUARDED_BY(mutex_);
};

}  // namespace districtd
