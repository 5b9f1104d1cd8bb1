// The head of an answer as text.
#pragma once

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

#include "daemon/http/answer.h"

namespace districtd {

// What the head says of the connection after this answer.
enum class Persistence {
  implied,     // it stays open, as an HTTP/1.1 client expects; nothing is said
  keep_alive,  // it stays open, which an HTTP/1.0 client must be told
  close,
};

// Appends the status line, the header fields and the empty line behind them. `length` is the body's
// in bytes. A field with a line break or a NUL in it is left out.
void append_head(std::string& text, const HttpAnswer& answer, std::size_t length,
                 Persistence persistence, std::time_t now, std::string_view request_id);

}  // namespace districtd
