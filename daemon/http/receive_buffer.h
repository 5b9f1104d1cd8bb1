// The bytes of a connection that were received and not yet parsed.
#pragma once

#include <cstddef>
#include <memory>
#include <boost/asio/buffer.hpp>

namespace districtd {

// Has no memory until it is needed, so that an idle connection costs little.
class ReceiveBuffer {
 public:
  bool empty() const { return begin_ == end_; }
  std::size_t size() const { return end_ - begin_; }

  boost::asio::const_buffer unparsed() const { return {memory_.get() + begin_, size()}; }
  void consume(std::size_t bytes);  // at most size()
  // RFC 9112 section 2.2: empty lines before a request are to be ignored.
  void skip_empty_lines();

  // Makes free() non-empty, and larger for a body that has proved to be large. False where `most`
  // bytes are full of one piece that the parser cannot take.
  bool make_room(std::size_t most, bool body_is_large);
  boost::asio::mutable_buffer free() { return {memory_.get() + end_, capacity_ - end_}; }
  void add(std::size_t bytes);  // that were read into free()

  // Gives large memory back; nothing happens while bytes are unparsed.
  void shrink();

  // All the memory, for bytes that are thrown away. What was unparsed may be overwritten.
  boost::asio::mutable_buffer scratch();

  static constexpr std::size_t kSmall = 4U << 10;
  static constexpr std::size_t kLarge = 64U << 10;

 private:
  void allocate(std::size_t capacity);

  std::unique_ptr<char[]> memory_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;  // unparsed bytes are at [begin_, end_)
  std::size_t end_ = 0;
};

}  // namespace districtd
