// An answer's header as text, and the answers that the server gives by itself.
#pragma once

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

#include "daemon/http/server.h"

namespace districtd {

// What becomes of the connection, as the header says it.
enum class Persistence { implied, keep_alive, close };  // keep_alive: said to an HTTP/1.0 client

// Appends the status line and the fields, the empty line included. `length` is the body's. Headers
// whose value would break the header apart are left out.
void append_head(std::string& text, const HttpAnswer& answer, std::size_t length,
                 Persistence persistence, std::time_t now, std::string_view request_id);

// A JSON {"error":{"code","message"}}, one line with its end.
HttpAnswer error_answer(unsigned status, std::string_view code, std::string_view message);

// The bytes of the body, whichever way the answer has it.
std::size_t body_length(const HttpAnswer& answer);

}  // namespace districtd
