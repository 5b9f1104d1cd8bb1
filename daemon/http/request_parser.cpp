#include "daemon/http/request_parser.h"

#include <algorithm>
#include <array>
#include <utility>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace districtd {

namespace http = boost::beast::http;
namespace urls = boost::urls;

namespace {

// A length is announced, not sent: memory follows what arrives.
constexpr std::uint64_t kMostReserved = 256u << 10;

// What may stand in a log line and in a header as it is.
bool is_request_id(std::string_view text) {
  constexpr std::size_t kLongest = 64;
  return !text.empty() && text.size() <= kLongest &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                  c == '.' || c == '_' || c == '-';
         });
}

// Named, and not with a weight of 0. "*" says nothing of what the client can do.
bool accepts_gzip(std::string_view accept_encoding) {
  namespace beast = boost::beast;
  for (const auto& [coding, parameters] :
       http::ext_list(beast::string_view(accept_encoding.data(), accept_encoding.size()))) {
    if (!beast::iequals(coding, "gzip")) continue;
    return std::none_of(parameters.begin(), parameters.end(), [](const auto& parameter) {
      return beast::iequals(parameter.first, "q") &&
             parameter.second.find_first_not_of("0.") == beast::string_view::npos;
    });
  }
  return false;
}

RequestParser::Fault duplicate(std::string_view field) {
  return {400, "duplicate_header",
          "请求有多个 " + std::string(field) + " 头，只能有一个；请检查客户端和中间的代理。"};
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
  const std::string_view field_name{name.data(), name.size()};
  note_single_field(field, field_name);
  switch (field) {
    case Field::host:
      has_host_ = true;
      request_.source.host = value;
      break;
    case Field::authorization:
      request_.authorization = value;
      break;
    case Field::content_type:
      request_.content_type = value;
      break;
    case Field::content_length:
      // RFC 9110 section 8.6: a list of lengths comes of fields that were joined.
      if (value.find(',') != Text::npos) repeated_ = "Content-Length";
      break;
    case Field::expect:
      expects_continue_ = beast::iequals(value, "100-continue");
      break;
    case Field::origin:
      request_.source.origin = value;
      break;
    case Field::transfer_encoding:
      transfer_encoding_ = true;
      unknown_transfer_encoding_ |= !beast::iequals(value, "chunked");
      break;
    case Field::accept_encoding:
      request_.accepts_gzip |= accepts_gzip({value.data(), value.size()});
      break;
    case Field::content_encoding:
      if (beast::iequals(value, "gzip")) request_.content_encoding = "gzip";
      content_encoded_ |= !beast::iequals(value, "identity") && !beast::iequals(value, "gzip");
      break;
    default:
      take_named_field(field_name, {value.data(), value.size()});
      break;
  }
}

// Fields that Beast has no name for, and those of proxies.
void RequestParser::take_named_field(std::string_view name, std::string_view value) {
  namespace beast = boost::beast;
  RequestSource& source = request_.source;
  const auto is = [&](std::string_view wanted) { return beast::iequals(name, wanted); };
  if (is("Idempotency-Key")) {
    request_.idempotency_key = value;
  } else if (is("X-Request-Id")) {
    if (is_request_id(value)) request_.id = value;
  } else if (is("Sec-Fetch-Site")) {
    source.is_cross_site = beast::iequals(value, "cross-site");
  } else if (is("Sec-Fetch-Mode")) {
    navigates_ = beast::iequals(value, "navigate");
  } else if (is("Sec-Fetch-Dest")) {
    wants_document_ = beast::iequals(value, "document");
  } else if (is_of_a_proxy(name)) {
    source.was_passed_on = true;
  }
  source.is_navigation = navigates_ && wants_document_;
}

// A field that decides something must say one thing: whoever passed the request on may have gone by
// the other one.
void RequestParser::note_single_field(Field field, std::string_view name) {
  struct Single {
    Field field;
    std::string_view name;
  };
  static constexpr std::array<Single, 8> kSingle = {{{Field::host, "Host"},
                                                     {Field::authorization, "Authorization"},
                                                     {Field::content_type, "Content-Type"},
                                                     {Field::content_length, "Content-Length"},
                                                     {Field::content_encoding, "Content-Encoding"},
                                                     {Field::origin, "Origin"},
                                                     {Field::unknown, "Idempotency-Key"},
                                                     {Field::sec_fetch_site, "Sec-Fetch-Site"}}};
  for (std::size_t i = 0; i < kSingle.size(); ++i) {
    if (kSingle[i].field != field) continue;
    if (field == Field::unknown && !boost::beast::iequals(name, kSingle[i].name)) continue;
    if ((seen_ >> i & 1U) != 0) repeated_ = kSingle[i].name;
    seen_ |= 1U << i;
    return;
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
  const bool is_absolute = !target_.starts_with('/');
  const auto url =
      !is_absolute ? urls::parse_origin_form(target_) : urls::parse_absolute_uri(target_);
  if (!url || (is_absolute && !url->has_authority())) return false;
  // RFC 9112 section 3.2.2: then Host is ignored.
  if (is_absolute) request_.source.host = std::string(url->encoded_host_and_port());
  request_.path = std::string(url->encoded_path());
  if (request_.path.empty()) request_.path = "/";
  for (const auto& parameter : url->encoded_params()) {
    request_.query.emplace_back(parameter.key.decode(), parameter.value.decode());
  }
  return true;
}

std::optional<RequestParser::Fault> RequestParser::header_fault() const {
  if (!repeated_.empty()) return duplicate(repeated_);
  // RFC 9112 section 3.2: a server must answer 400 where Host is missing.
  if (http_11_ && !has_host_) {
    return Fault{400, "bad_request", "HTTP/1.1 请求必须有且只有一个 Host 头。"};
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

RequestParser::Fault RequestParser::fault_of_syntax(const ErrorCode& failure) {
  if (failure == http::error::multiple_content_length) return duplicate("Content-Length");
  return {400, "bad_request", "不是有效的 HTTP 请求：" + failure.message() + "。"};
}

}  // namespace districtd
