#include "daemon/domain/on_schedule.h"

namespace districtd {

void OnSchedule::add(const Assessment& assessment) {
  ++total;
  if (assessment.is_unreported) {
    ++unreported;
  } else {
    ++by_status[static_cast<std::size_t>(assessment.status)];
  }
}

void OnSchedule::remove(const Assessment& assessment) {
  --total;
  if (assessment.is_unreported) {
    --unreported;
  } else {
    --by_status[static_cast<std::size_t>(assessment.status)];
  }
}

OnSchedule& OnSchedule::operator+=(const OnSchedule& other) {
  total += other.total;
  unreported += other.unreported;
  for (std::size_t i = 0; i < by_status.size(); ++i) by_status[i] += other.by_status[i];
  return *this;
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
  const auto add = [&text](std::string_view word, std::size_t count) {
    if (count == 0) return;
    if (!text.empty()) text += "、";
    text += std::string{word} + " " + std::to_string(count) + " 项";
  };
  for (const Status status : kAllStatuses) {
    if (light_of(status) != Light::grey) continue;
    add(to_chinese(status), counts.of(status));
  }
  add(kUnreportedWord, counts.unreported);
  return text;
}

}  // namespace districtd
