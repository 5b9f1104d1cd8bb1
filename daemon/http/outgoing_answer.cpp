#include "daemon/http/outgoing_answer.h"

#include <ctime>
#include <utility>

#include "base/ports/clock.h"

namespace districtd {
namespace {

constexpr std::size_t kSmallBody = 8U << 10;  // cheaper to copy behind the head than to gather
constexpr std::size_t kFewBuffers = 64;       // kept for the next answer

}  // namespace

void OutgoingAnswer::begin(HttpAnswer answer, Persistence persistence, std::string_view request_id,
                           bool is_head) {
  answer_ = std::move(answer);
  head_.clear();
  append_head(head_, answer_, body_length(answer_), persistence,
              std::chrono::system_clock::to_time_t(now()), request_id);
  buffers_.clear();
  const bool with_body = !is_head && answer_.status != 204 && answer_.status != 304;
  const bool one_buffer = with_body && answer_.body.size() <= kSmallBody;
  if (one_buffer) head_ += answer_.body;
  buffers_.emplace_back(boost::asio::buffer(head_));
  if (with_body) {
    if (!one_buffer) buffers_.emplace_back(boost::asio::buffer(answer_.body));
    for (const auto& piece : answer_.pieces) {
      if (!piece->empty()) buffers_.emplace_back(boost::asio::buffer(*piece));
    }
  }
  unsent_ = buffers_;
  sent_ = 0;
}

bool OutgoingAnswer::advance(std::size_t bytes) {
  sent_ += bytes;
  while (!unsent_.empty() && bytes >= unsent_.front().size()) {
    bytes -= unsent_.front().size();
    unsent_ = unsent_.subspan(1);
  }
  if (!unsent_.empty()) unsent_.front() += bytes;
  return unsent_.empty();
}

void OutgoingAnswer::clear() {
  std::string().swap(answer_.body);  // an assignment would keep its memory
  answer_ = HttpAnswer();
  unsent_ = {};
  if (buffers_.capacity() > kFewBuffers) buffers_ = {};
}

}  // namespace districtd
