// An http:// or https:// address that can be asked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <boost/url/url.hpp>

#include "base/result.h"

namespace districtd {

// A text with the bytes that a URL may not hold percent-encoded, as everything below takes it.
std::string percent_encode_foreign_bytes(std::string_view text);

// Why a text is no such address.
struct HttpAddressFault {
  std::string shown;  // the address for people, without a user or password; may be empty
  std::string why;    // "it names no host"
};

class HttpAddress {
 public:
  // Bytes that a URL may not hold (Chinese file names, blanks) are percent-encoded; a fragment is
  // dropped; a user or password is refused.
  static Result<HttpAddress, HttpAddressFault> parse(std::string_view text);

  // Where a redirect from here leads: an address of its own, or one relative to this.
  Result<HttpAddress, HttpAddressFault> resolve(std::string_view location) const;

  std::string text() const { return std::string(url_.buffer()); }
  std::string target() const;  // path and query, as a request line has them
  std::string host() const;    // a name, or an address without brackets
  std::uint16_t port() const;  // what the scheme means where it is not said
  std::string where() const { return host() + ":" + std::to_string(port()); }
  bool is_https() const { return url_.scheme_id() == boost::urls::scheme::https; }
  bool has_host_and_port_of(const HttpAddress& other) const;

 private:
  explicit HttpAddress(boost::urls::url url) : url_(std::move(url)) {}
  static Result<HttpAddress, HttpAddressFault> checked(boost::urls::url url);

  boost::urls::url url_;
};

}  // namespace districtd
