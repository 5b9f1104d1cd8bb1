#include "daemon/store/waiting_rows.h"

namespace districtd {

void WaitingRows::hold(const std::string& department, std::int64_t seq, std::int64_t rows,
                       Time received_at) {
  departments_[department][seq] = {rows, received_at};
}

void WaitingRows::decide(const std::string& department, std::int64_t seq) {
  departments_[department].erase(seq);
}

std::vector<StoreStatistics::Waiting> WaitingRows::by_department() const {
  std::vector<StoreStatistics::Waiting> waiting;
  for (const auto& [department, submissions] : departments_) {
    StoreStatistics::Waiting& of_it = waiting.emplace_back();
    of_it.department = department;
    for (const auto& [seq, held] : submissions) of_it.rows += held.rows;
    // Times of receipt never fall.
    if (!submissions.empty()) of_it.since = submissions.begin()->second.received_at;
  }
  return waiting;
}

}  // namespace districtd
