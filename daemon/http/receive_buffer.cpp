#include "daemon/http/receive_buffer.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace districtd {

void ReceiveBuffer::consume(std::size_t bytes) {
  DISTRICT_CHECK(bytes <= size(), "no more is parsed than was received");
  begin_ += bytes;
}

void ReceiveBuffer::skip_empty_lines() {
  while (begin_ < end_ && (memory_[begin_] == '\r' || memory_[begin_] == '\n')) ++begin_;
}

void ReceiveBuffer::allocate(std::size_t capacity) {
  memory_ = std::make_unique_for_overwrite<char[]>(capacity);
  capacity_ = capacity;
}

bool ReceiveBuffer::make_room(std::size_t most, bool body_is_large) {
  if (empty()) {
    begin_ = end_ = 0;
    if (body_is_large && capacity_ < kLarge) allocate(kLarge);
  }
  if (end_ < capacity_) return true;
  if (begin_ > 0) {
    std::memmove(&memory_[0], &memory_[begin_], size());
    end_ -= begin_;
    begin_ = 0;
    return true;
  }
  if (capacity_ >= most) return false;
  const std::unique_ptr<char[]> before = std::move(memory_);
  allocate(std::min(std::max(kSmall, 4 * capacity_), most));
  if (end_ > 0) std::memcpy(&memory_[0], &before[0], end_);
  return true;
}

void ReceiveBuffer::add(std::size_t bytes) {
  DISTRICT_CHECK(bytes <= capacity_ - end_, "no more is received than there was room for");
  end_ += bytes;
}

void ReceiveBuffer::shrink() {
  if (capacity_ <= kLarge / 2 || !empty()) return;
  memory_.reset();
  capacity_ = begin_ = end_ = 0;
}

boost::asio::mutable_buffer ReceiveBuffer::scratch() {
  if (capacity_ == 0) allocate(kSmall);
  return {memory_.get(), capacity_};
}

}  // namespace districtd
