// For how long a connection may wait and how much it may hold: what happens where a time is over, a
// place or memory is wanted.
#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "base/ports/clock.h"
#include "daemon/http/connection.h"

namespace districtd {

bool Connection::enter() {
  has_place_ = places_.enter(client_, [this](const Deadline& entry) {
    return static_cast<const Connection&>(entry).client_ == client_;
  });
  return has_place_;
}

void Connection::expired() {
  const auto self = shared_from_this();
  switch (state_) {
    case State::reading:
      return refuse(
          error_answer(408, "request_timeout", "请求没有在规定时间内发送完整，请重新发送。"));
    case State::handling:
      return refuse(no_answer());
    default:
      close();
  }
}

// Who waits for an answer is told that it does not come; then the connection lingers, and is the
// next that can be displaced.
void Connection::displaced() {
  const auto self = shared_from_this();
  if (state_ == State::handling) return refuse(no_answer());
  close();
}

// Something of a body has come.
void Connection::wait_for_more(Clock::time_point now) {
  if (is_too_slow(parser().request().body.size(), began_, now)) return expired();
  (has_proved_itself_ ? places_.arriving : places_.unproven).push(*this, now);
}

// Whether `bytes` since `began` are fewer than the least rate, from request_timeout on.
bool Connection::is_too_slow(std::size_t bytes, Clock::time_point began,
                             Clock::time_point now) const {
  const auto rate = static_cast<double>(shared_.options.least_bytes_per_second);
  const std::chrono::duration<double> allowed{static_cast<double>(bytes) / rate};
  return now - began > shared_.options.request_timeout + allowed;
}

// Counts what has come of the body. Where there is no memory for more, the largest unfinished body
// goes, so that a few large ones do not keep all others out. False where it was this one.
bool Connection::hold_body() {
  const std::string& body = parser().request().body;
  if (body.size() <= HttpLimits::kUncounted) return true;
  const std::size_t bytes = body.capacity();
  while (!held_.resize(bytes, shared_.left_to_handlers())) {
    Connection* largest = this;
    for (const auto& [key, other] : shared_.open) {
      if (other->state_ != State::reading) continue;
      if (other->held_.bytes() > std::max(largest->held_.bytes(), bytes)) largest = key;
    }
    largest->refuse(too_busy());
    if (largest == this) return false;
  }
  return true;
}

// Counts what the answer holds. Where there is no memory for it, clients that take nothing of
// theirs go. False where that is not enough; a receipt goes out all the same.
bool Connection::hold_answer(const HttpAnswer& answer) {
  if (body_length(answer) <= HttpLimits::kUncounted) return true;
  const std::size_t left = shared_.left_to_handlers();
  while (!held_.resize(answer.body.empty() ? 0 : answer.body.capacity(), left)) {
    if (!let_one_go()) return false;
  }
  while (!shared_.pieces.add(answer.pieces, left)) {
    if (!let_one_go()) return false;
  }
  counted_pieces_ = answer.pieces;
  return true;
}

bool Connection::let_one_go() const {
  const auto stalled = steady_now() - Places::kStalled;
  for (const auto& [key, other] : shared_.open) {
    if (other->places_.moving.displace_first(stalled)) return true;
  }
  return false;
}

void Connection::let_go_of_answer() {
  shared_.pieces.remove(std::exchange(counted_pieces_, {}));
  held_.reset();
}

HttpAnswer Connection::too_busy() {
  HttpAnswer answer = error_answer(503, "unavailable", "服务器正忙，请稍后再试。");
  answer.headers.emplace_back("Retry-After", "5");
  return answer;
}

// Whether what was asked for has been done, or is going to be, is not known.
HttpAnswer Connection::no_answer() const {
  HttpAnswer answer = error_answer(
      503, "no_answer",
      is_push_ ? "数据库长时间没有答复，这次报送是否已保存还不清楚；请稍后用同一个 Idempotency-Key "
                 "原样重新报送，已保存的不会重复入库。仍不成功请联系管理员检查数据库所在的磁盘。"
               : "服务器长时间没有得出结果，请稍后再试；仍不成功请联系管理员。");
  answer.headers.emplace_back("Retry-After", "30");
  return answer;
}

}  // namespace districtd
