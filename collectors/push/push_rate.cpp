#include "collectors/push/push_rate.h"

#include <algorithm>
#include <cmath>

namespace districtd {

void PushRate::set_limit(unsigned per_minute) {
  if (per_minute != per_minute_) buckets_.clear();
  per_minute_ = per_minute;
}

std::optional<std::chrono::seconds> PushRate::count_push(const std::string& token,
                                                         Clock::time_point now) {
  if (per_minute_ == 0) return std::nullopt;
  const double most = per_minute_;
  const double per_second = most / 60;
  auto [at, is_new] = buckets_.try_emplace(token, Bucket{most, now});
  Bucket& bucket = at->second;
  const double passed = std::chrono::duration<double>(now - bucket.filled).count();
  bucket.left = std::min(most, bucket.left + passed * per_second);
  bucket.filled = now;
  if (bucket.left >= 1) {
    bucket.left -= 1;
    return std::nullopt;
  }
  const double wait = std::ceil((1 - bucket.left) / per_second);
  return std::chrono::seconds(static_cast<std::int64_t>(std::max(wait, 1.0)));
}

}  // namespace districtd
