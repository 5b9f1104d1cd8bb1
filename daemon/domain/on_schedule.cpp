#include "daemon/domain/on_schedule.h"

namespace districtd {

void OnSchedule::add(const Assessment& assessment) {
  ++total;
  ++by_status[static_cast<std::size_t>(assessment.status)];
}

void OnSchedule::remove(const Assessment& assessment) {
  --total;
  --by_status[static_cast<std::size_t>(assessment.status)];
}

OnSchedule& OnSchedule::operator+=(const OnSchedule& other) {
  total += other.total;
  unreported += other.unreported;
  for (std::size_t i = 0; i < by_status.size(); ++i) by_status[i] += other.by_status[i];
  return *this;
}

void OnSchedule::add_unreported() {
  ++total;
  ++unreported;
}

std::size_t OnSchedule::of(Light light) const {
  std::size_t count = 0;
  for (const Status status : kAllStatuses) {
    if (light_of(status) == light) count += of(status);
  }
  return count;
}

std::optional<double> OnSchedule::share() const {
  if (judged() == 0) return std::nullopt;
  return static_cast<double>(reached()) / static_cast<double>(judged());
}

std::string left_out_of(const OnSchedule& counts) {
  std::string text;
  for (const Status status : kAllStatuses) {
    if (light_of(status) != Light::grey) continue;
    const std::size_t count =
        counts.of(status) + (status == Status::no_data ? counts.unreported : 0);
    if (count == 0) continue;
    if (!text.empty()) text += "、";
    text += std::string{to_chinese(status)} + " " + std::to_string(count) + " 项";
  }
  return text;
}

}  // namespace districtd
