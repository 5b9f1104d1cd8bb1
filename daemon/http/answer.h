// What the server sends back for a request.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace districtd {

// The body is either `body` or `pieces`; pieces are sent one after the other without being copied.
struct HttpAnswer {
  unsigned status = 200;
  std::string content_type = "application/json; charset=utf-8";
  std::string body;
  std::vector<std::shared_ptr<const std::string>> pieces;  // shared with what renders them
  std::vector<std::pair<std::string, std::string>> headers;
};

// {"error":{"code","message"}}, one line with its end: the answer of every refused request that
// has no receipt.
HttpAnswer error_answer(unsigned status, std::string_view code, std::string_view message);

HttpAnswer json_answer(std::string body);                   // 200
HttpAnswer text_answer(unsigned status, std::string body);  // plain text in UTF-8

// How many bytes the body has.
std::size_t body_length(const HttpAnswer& answer);

}  // namespace districtd
