// One HTTP request with libcurl and its answer; a redirect is an answer like any other here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <boost/asio/any_io_executor.hpp>

#include "base/curl_handle.h"
#include "base/curl_transfer.h"
#include "base/http_address.h"
#include "base/http_client.h"

namespace districtd {

// Thread: the executor's.
class HttpExchange {
 public:
  // `done` is called at most once, from the event loop; it may end this. Of `what` the URL
  // and the redirects are not looked at; it outlives this.
  HttpExchange(const boost::asio::any_io_executor& executor, const HttpFetch& what,
               HttpAddress address, std::function<void(FetchResult)> done);
  ~HttpExchange();  // closes the connection at once; `done` is not called any more
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  void start();  // throws std::bad_alloc; at most once

  // Whether the server may have received the request: a part of it was sent.
  bool may_have_arrived() const { return handle_.number(CURLINFO_REQUEST_SIZE) > 0; }

 private:
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* exchange);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* exchange);
  void prepare_request();
  void prepare_trust();
  bool keeps_body(std::string_view part);
  bool keeps_header(std::string_view line);
  bool is_sending() const;
  void finished(CURLcode code);
  FetchAnswer answer();
  FetchFailure failure(CURLcode code) const;
  std::string shown_address() const;

  // What ended the exchange: libcurl, or one of its callbacks here.
  enum class End { of_transfer, early_answer, large_body, large_header, interim_answers };

  const HttpFetch& what_;
  const HttpAddress address_;
  std::function<void(FetchResult)> done_;
  CurlLines header_lines_;
  CurlHandle handle_;
  std::shared_ptr<CurlTransfer> transfer_;  // shared with the event's handler that runs
  std::string body_;
  std::size_t header_bytes_ = 0;            // of the answer that is being read
  std::optional<std::uint64_t> announced_;  // its Content-Length
  unsigned heads_ = 0;                      // status lines so far; interim answers have one each
  End end_ = End::of_transfer;
};

}  // namespace districtd
