#include "base/http_address.h"

#include <utility>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "base/percent_encoding.h"
#include "base/text.h"

namespace districtd {

namespace urls = boost::urls;

namespace {

// RFC 3986, section 2: neither reserved nor unreserved.
bool is_foreign(unsigned char byte) {
  constexpr std::string_view kForeign = R"("<>\^`{|})";
  return byte <= 0x20 || byte >= 0x7f || kForeign.find(static_cast<char>(byte)) != kForeign.npos;
}

}  // namespace

std::string percent_encode_foreign_bytes(std::string_view text) {
  return percent_encoded(text, [](char c) { return is_foreign(static_cast<unsigned char>(c)); });
}

Result<HttpAddress, HttpAddressFault> HttpAddress::parse(std::string_view text) {
  const std::string encoded = percent_encode_foreign_bytes(text);
  const auto parsed = urls::parse_uri(encoded);  // a view of it
  if (!parsed) {
    const bool may_hold_a_password = text.find('@') != std::string_view::npos;
    return HttpAddressFault{may_hold_a_password ? "" : std::string(text),
                            "it is no http:// or https:// address"};
  }
  return checked(urls::url(*parsed));
}

Result<HttpAddress, HttpAddressFault> HttpAddress::resolve(std::string_view location) const {
  const std::string encoded = percent_encode_foreign_bytes(location);
  const auto reference = urls::parse_uri_reference(encoded);  // a view of it
  urls::url resolved;
  if (location.empty() || !reference || !urls::resolve(url_, *reference, resolved)) {
    return HttpAddressFault{std::string(location), "it is no address"};
  }
  return checked(std::move(resolved));
}

Result<HttpAddress, HttpAddressFault> HttpAddress::checked(urls::url url) {
  const auto refused = [&](std::string_view why) {
    return HttpAddressFault{std::string(url.buffer()), std::string(why)};
  };
  if (url.scheme_id() != urls::scheme::http && url.scheme_id() != urls::scheme::https) {
    return refused("it has to begin with http:// or https://");
  }
  if (url.has_userinfo()) {
    url.remove_userinfo();  // a password has no place in a log
    return refused("it must not hold a user or password");
  }
  if (url.encoded_host().empty()) return refused("it names no host");
  if (url.has_port() && url.port_number() == 0) return refused("its port is not one of 1 to 65535");
  url.remove_fragment();
  return HttpAddress(std::move(url));
}

std::string HttpAddress::target() const {
  const std::string target(url_.encoded_target());
  return target.starts_with('/') ? target : "/" + target;
}

std::string HttpAddress::host() const {
  std::string host = url_.host();
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);
  return host;
}

std::uint16_t HttpAddress::port() const {
  if (url_.has_port()) return url_.port_number();
  return is_https() ? 443 : 80;
}

bool HttpAddress::has_host_and_port_of(const HttpAddress& other) const {
  return lower_ascii(host()) == lower_ascii(other.host()) && port() == other.port();
}

}  // namespace districtd
