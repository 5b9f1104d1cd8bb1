#include "daemon/http/listen_address.h"

#include <charconv>
#include <cstdint>
#include <string>

namespace districtd {

namespace asio = boost::asio;

std::optional<asio::ip::tcp::endpoint> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  boost::system::error_code failure;
  const auto address = asio::ip::make_address(std::string(host), failure);
  if (failure || is_bracketed != address.is_v6()) return std::nullopt;
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + colon + 1, end, port);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return asio::ip::tcp::endpoint{address, port};
}

}  // namespace districtd
