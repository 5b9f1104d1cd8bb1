#include "daemon/http/answer.h"

#include "collectors/receipt_json.h"

namespace districtd {

HttpAnswer error_answer(unsigned status, std::string_view code, std::string_view message) {
  HttpAnswer answer;
  answer.status = status;
  answer.body = error_json(code, message) + "\n";
  return answer;
}

HttpAnswer json_answer(std::string body) {
  HttpAnswer answer;
  answer.body = std::move(body);
  return answer;
}

HttpAnswer text_answer(unsigned status, std::string body) {
  HttpAnswer answer;
  answer.status = status;
  answer.content_type = "text/plain; charset=utf-8";
  answer.body = std::move(body);
  return answer;
}

std::size_t body_length(const HttpAnswer& answer) {
  std::size_t length = answer.body.size();
  for (const auto& piece : answer.pieces) length += piece->size();
  return length;
}

}  // namespace districtd
