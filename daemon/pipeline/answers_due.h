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
};

// Threads: any; whichever has decoded a submission adds it.
class AnswersDue {
 public:
  // The number by which to take() it.
  std::uint64_t add(AnswerDue due);

  // What was added under the number; nullopt where it was given up before.
  std::optional<AnswerDue> take(std::uint64_t number);

  // Those that were added before `time`, oldest first. They are given up.
  std::vector<AnswerDue> give_up(SteadyTime time);

 private:
  Mutex mutex_;
  std::uint64_t next_ GUARDED_BY(mutex_) = 0;
  std::map<std::uint64_t, AnswerDue> due_ GUARDED_BY(mutex_);
};

}  // namespace districtd
