// Requests that were answered before, by their Idempotency-Key.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace districtd {

struct PushAnswer;

// Remembers the last 10,000 keys, in memory: after a restart the same body is unchanged anyway.
// Thread: one.
class AnsweredPushes {
 public:
  using Done = std::function<void(PushAnswer)>;
  enum class Seen { never, before, with_another_body };

  // `key` names the token too. Seen before: `done` is called with the same answer, now or once it
  // is there. Never: the caller has to call answered().
  Seen look_up(const std::string& key, const std::string& body_sha256, const Done& done);

  // `is_final` is false where the same request may be sent again (503): it is forgotten then.
  void answered(const std::string& key, const PushAnswer& answer, bool is_final);

 private:
  static constexpr std::size_t kMost = 10'000;
  struct Request;
  std::unordered_map<std::string, std::shared_ptr<Request>> requests_;
  std::deque<std::string> order_;
};

}  // namespace districtd
