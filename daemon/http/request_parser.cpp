#include "daemon/http/request_parser.h"

#include <algorithm>
#include <utility>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace districtd {

namespace http = boost::beast::http;
namespace urls = boost::urls;

namespace {

// A length is announced, not sent: memory follows what arrives.
constexpr std::uint64_t kMostReserved = 256u << 10;

// What may stand in a log line and in a header as it is.
bool is_request_id(boost::beast::string_view text) {
  constexpr std::size_t kLongest = 64;
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

}  // namespace

RequestParser::RequestParser(std::size_t max_header_bytes) {
  header_limit(static_cast<std::uint32_t>(max_header_bytes));
  // The connection answers 413 itself, before it reads a body whose length says too much.
  body_limit(boost::none);
}

void RequestParser::on_request_impl(http::verb verb, Text method, Text target, int version,
                                    ErrorCode&) {
  request_.method = method;
  target_ = target;
  http_11_ = version >= 11;
  is_head_ = verb == http::verb::head;
}

void RequestParser::on_field_impl(Field field, Text name, Text value, ErrorCode&) {
  if (header_done_) return;  // a trailer must not replace what was decided by the header
  namespace beast = boost::beast;
  switch (field) {
    case Field::host:
      ++hosts_;
      break;
    case Field::authorization:
      ++authorizations_;
      request_.authorization = value;
      break;
    case Field::content_type:
      request_.content_type = value;
      break;
    case Field::expect:
      expects_continue_ = beast::iequals(value, "100-continue");
      break;
    case Field::transfer_encoding:
      transfer_encoding_ = true;
      unknown_transfer_encoding_ |= !beast::iequals(value, "chunked");
      break;
    case Field::content_encoding:
      if (beast::iequals(value, "gzip")) request_.content_encoding = "gzip";
      content_encoded_ |= !beast::iequals(value, "identity") && !beast::iequals(value, "gzip");
      break;
    case Field::unknown:
      if (beast::iequals(name, "Idempotency-Key")) request_.idempotency_key = value;
      if (beast::iequals(name, "X-Request-Id") && is_request_id(value)) request_.id = value;
      break;
    default:
      break;
  }
}

void RequestParser::on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) {
  if (length && !discard_) {
    request_.body.reserve(static_cast<std::size_t>(std::min(*length, kMostReserved)));
  }
}

std::size_t RequestParser::on_body_impl(Text body, ErrorCode& failure) {
  if (body.size() > max_body_ - body_bytes_) {
    failure = http::error::body_limit;
    return 0;
  }
  body_bytes_ += body.size();
  if (!discard_) request_.body.append(body);
  return body.size();
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, Text, ErrorCode& failure) {
  if (size > max_body_ - body_bytes_) failure = http::error::body_limit;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text body, ErrorCode& failure) {
  return on_body_impl(body, failure);
}

bool RequestParser::resolve_target() {
  if (target_.starts_with('/') && target_.find_first_of("%?#") == std::string::npos) {
    request_.path = std::move(target_);
    return true;
  }
  // A proxy may send the absolute form, RFC 9112 section 3.2.2.
  const auto url = target_.starts_with('/') ? urls::parse_origin_form(target_)
                                            : urls::parse_absolute_uri(target_);
  if (!url || (!target_.starts_with('/') && !url->has_authority())) return false;
  request_.path = url->encoded_path().decode();
  if (request_.path.empty()) request_.path = "/";
  for (const auto& parameter : url->encoded_params()) {
    request_.query.emplace_back(parameter.key.decode(), parameter.value.decode());
  }
  return true;
}

std::optional<RequestParser::Fault> RequestParser::header_fault() const {
  // RFC 9112 section 3.2: a server must answer 400 where Host is missing or given twice.
  if ((http_11_ && hosts_ != 1) || hosts_ > 1) {
    return Fault{400, "bad_request", "HTTP/1.1 请求必须有且只有一个 Host 头。"};
  }
  if (authorizations_ > 1) {
    return Fault{400, "bad_request", "请求有多个 Authorization 头，只能有一个。"};
  }
  // RFC 9112 section 6.1: HTTP/1.0 knows no Transfer-Encoding, so whoever passed the request on may
  // have seen its end elsewhere.
  if (!http_11_ && transfer_encoding_) {
    return Fault{400, "bad_request", "HTTP/1.0 请求不能有 Transfer-Encoding 头。"};
  }
  // Likewise: a body whose end cannot be known must not be guessed at.
  if (unknown_transfer_encoding_) {
    return Fault{501, "unsupported_transfer_encoding", "Transfer-Encoding 只支持 chunked。"};
  }
  if (content_encoded_) {
    return Fault{415, "unsupported_content_encoding", "请求正文只能用 gzip 压缩，或直接发送原文。"};
  }
  return std::nullopt;
}

}  // namespace districtd
