#include "daemon/http/address_range.h"

#include <charconv>
#include <cstdint>

#include "daemon/http/host_name.h"

namespace districtd {

namespace ip = boost::asio::ip;

namespace {

template <typename Bytes>
Bytes without_bits_behind(Bytes bytes, unsigned prefix) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::size_t before = 8 * i;
    const unsigned kept = prefix <= before ? 0 : static_cast<unsigned>(prefix - before);
    if (kept >= 8) continue;
    bytes[i] = static_cast<unsigned char>(bytes[i] & (0xFF00U >> kept));
  }
  return bytes;
}

}  // namespace

Result<AddressRange, std::string> AddressRange::parse(std::string_view text) {
  const std::string said = "'" + std::string(text) + "'";
  const std::size_t slash = text.find('/');
  boost::system::error_code failure;
  const auto given = ip::make_address(std::string(text.substr(0, slash)), failure);
  if (failure) return said + " is no range of addresses; expected such as \"10.1.0.0/16\"";
  const ip::address address = plain(given);
  const unsigned most = address.is_v4() ? 32 : 128;
  unsigned prefix = most;
  if (slash != std::string_view::npos) {
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + slash + 1, end, prefix);
    if (read.ec != std::errc{} || read.ptr != end || prefix > most || given != address) {
      return said + " has no length from 0 to " + std::to_string(most) +
             " behind its slash; expected such as \"10.1.0.0/16\"";
    }
  }
  const ip::address first = first_of_range(address, prefix);
  if (first != address) {
    return said + " has bits behind its prefix; expected \"" + first.to_string() + "/" +
           std::to_string(prefix) + "\", or one address without a slash";
  }
  return AddressRange(first, prefix);
}

bool AddressRange::contains(const ip::address& address) const {
  const ip::address asked = plain(address);
  return asked.is_v4() == first_.is_v4() && first_of_range(asked, prefix_) == first_;
}

ip::address first_of_range(const ip::address& address, unsigned prefix) {
  if (address.is_v4()) {
    return ip::address_v4(without_bits_behind(address.to_v4().to_bytes(), prefix));
  }
  return ip::address_v6(without_bits_behind(address.to_v6().to_bytes(), prefix));
}

}  // namespace districtd
