#include "collectors/answered_pushes.h"

#include "collectors/http_push.h"

namespace districtd {

// Shared by the map and a loop over `waiting`, during which it may leave the map.
struct AnsweredPushes::Request {
  std::string body_sha256;
  std::optional<PushAnswer> answer;
  std::vector<Done> waiting;
};

AnsweredPushes::Seen AnsweredPushes::look_up(const std::string& key, const std::string& body_sha256,
                                             const Done& done) {
  const auto known = requests_.find(key);
  if (known == requests_.end()) {
    const auto request = std::make_shared<Request>();
    request->body_sha256 = body_sha256;
    requests_.emplace(key, request);
    order_.push_back(key);
    if (order_.size() > kMost) {
      requests_.erase(order_.front());
      order_.pop_front();
    }
    return Seen::never;
  }
  Request& request = *known->second;
  if (request.body_sha256 != body_sha256) return Seen::with_another_body;
  if (request.answer) {
    done(*request.answer);
  } else {
    request.waiting.push_back(done);
  }
  return Seen::before;
}

void AnsweredPushes::answered(const std::string& key, const PushAnswer& answer, bool is_final) {
  const auto known = requests_.find(key);
  if (known == requests_.end()) return;
  const auto request = known->second;
  request->answer = answer;
  if (!is_final) {
    requests_.erase(known);
    std::erase(order_, key);
  }
  for (const Done& done : request->waiting) done(answer);
  request->waiting.clear();
}

}  // namespace districtd
