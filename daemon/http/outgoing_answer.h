// An answer on its way to the client.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include <boost/asio/buffer.hpp>

#include "daemon/http/answer.h"
#include "daemon/http/answer_text.h"

namespace districtd {

// Keeps the head, the body and the pieces alive until clear(), and knows how much has gone out.
class OutgoingAnswer {
 public:
  // Without its body where it answers a HEAD.
  void begin(HttpAnswer answer, Persistence persistence, std::string_view request_id, bool is_head);

  std::span<const boost::asio::const_buffer> unsent() const { return unsent_; }
  // Takes bytes that were sent off unsent(); whether nothing is left of it.
  bool advance(std::size_t bytes);

  std::size_t sent() const { return sent_; }  // bytes, the head's among them

  unsigned status() const { return answer_.status; }
  void clear();

 private:
  std::string head_;
  HttpAnswer answer_;
  std::vector<boost::asio::const_buffer> buffers_;
  std::span<boost::asio::const_buffer> unsent_;  // the rest of buffers_
  std::size_t sent_ = 0;
};

}  // namespace districtd
