// How often one token may push.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace districtd {

// A bucket for each token: `per_minute` at once, then one after the other as it fills again. 0: no
// limit.
class PushRate {
 public:
  using Clock = std::chrono::steady_clock;

  void set_limit(unsigned per_minute);

  // Counts one push of this token; or does not, and returns how long to wait for the next.
  std::optional<std::chrono::seconds> count_push(const std::string& token, Clock::time_point now);

 private:
  struct Bucket {
    double left = 0;
    Clock::time_point filled{};
  };
  unsigned per_minute_ = 0;
  std::unordered_map<std::string, Bucket> buckets_;  // of known tokens only
};

}  // namespace districtd
