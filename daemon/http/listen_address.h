// The addresses of [http] listen.
#pragma once

#include <optional>
#include <string_view>
#include <boost/asio/ip/tcp.hpp>

namespace districtd {

// "127.0.0.1:9480" or "[::1]:9480", numeric; nullopt for anything else.
std::optional<boost::asio::ip::tcp::endpoint> parse_listen_address(std::string_view text);

}  // namespace districtd
