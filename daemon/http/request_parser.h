// One request out of a connection's bytes: Beast's parser, keeping only the header fields that
// handlers see, so that a request costs no allocation for each of the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <boost/beast/http/basic_parser.hpp>

#include "daemon/http/route.h"

namespace districtd {

// put() takes the header and stops behind it; the calls after that take the body. After an error
// the parser cannot be used any more.
class RequestParser : public boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(std::size_t max_header_bytes);

  // The limit of the body's bytes, once the header is known. More is error::body_limit.
  void set_max_body(std::size_t bytes) { max_body_ = bytes; }
  std::size_t max_body() const { return max_body_; }
  // From now on the body's bytes are counted against the limit and thrown away.
  void discard_body() { discard_ = true; }

  // The request so far: method and fields once the header is done, the body once all is.
  // resolve_target() fills path and query.
  HttpRequest& request() { return request_; }

  // Takes the target apart into path and query, and its authority, which replaces Host; false where
  // it is no valid one.
  bool resolve_target();

  // Why a header of correct syntax is refused, as the status, code and message of the answer;
  // nullopt where it is not.
  struct Fault {
    unsigned status;
    std::string_view code;
    std::string message;
  };
  std::optional<Fault> header_fault() const;

  // What is answered where put() failed for anything else than a limit: 400.
  static Fault fault_of_syntax(const boost::beast::error_code& failure);

  bool expects_continue() const { return expects_continue_ && http_11_; }
  bool http_11() const { return http_11_; }
  bool is_head() const { return is_head_; }

 private:
  using Field = boost::beast::http::field;

  void note_single_field(Field field, std::string_view name);
  void take_named_field(std::string_view name, std::string_view value);

  using ErrorCode = boost::beast::error_code;
  using Text = boost::beast::string_view;

  void on_request_impl(boost::beast::http::verb verb, Text method, Text target, int version,
                       ErrorCode& failure) override;
  void on_response_impl(int, Text, int, ErrorCode&) override {}
  void on_field_impl(Field field, Text name, Text value, ErrorCode& failure) override;
  void on_header_impl(ErrorCode&) override { header_done_ = true; }
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, ErrorCode&) override;
  std::size_t on_body_impl(Text body, ErrorCode& failure) override;
  void on_chunk_header_impl(std::uint64_t size, Text extensions, ErrorCode& failure) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, Text body, ErrorCode& failure) override;
  void on_finish_impl(ErrorCode&) override {}

  HttpRequest request_;
  std::string target_;
  std::size_t max_body_ = 0;
  std::size_t body_bytes_ = 0;  // at most max_body_, kept or not
  bool has_host_ = false;
  std::string_view repeated_;  // a field that may stand once and stands twice; "" without
  unsigned seen_ = 0;          // which of those that may stand once did, one bit each
  bool http_11_ = false;
  bool is_head_ = false;
  bool header_done_ = false;
  bool expects_continue_ = false;
  bool transfer_encoding_ = false;
  bool unknown_transfer_encoding_ = false;
  bool content_encoded_ = false;
  bool discard_ = false;
  bool navigates_ = false;
  bool wants_document_ = false;
};

}  // namespace districtd
