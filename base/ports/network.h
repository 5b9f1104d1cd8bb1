// The one place from which the program connects and listens.
#pragma once

#include <sys/socket.h>

#include <filesystem>
#include <string>
#include <vector>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

namespace districtd {

// A client that has connected to this program.
using TcpSocket = boost::asio::ip::tcp::socket;

// Where clients connect to.
using TcpListener = boost::asio::ip::tcp::acceptor;

// Listens at once, also where connections of before are still being closed; `failure` says why not.
TcpListener listen_on(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& endpoint,
                      boost::system::error_code& failure);

// The same between programs of this machine, by a name in the file system.
using LocalSocket = boost::asio::local::stream_protocol::socket;
using LocalListener = boost::asio::local::stream_protocol::acceptor;

// How many bytes the name of a local socket may have: sun_path of sockaddr_un, without its end.
inline constexpr std::size_t kLongestSocketName = 107;

// Listens under `name`, which only the owner of this process and root can connect to. The name of a
// listener that has gone without taking it away is used again; one that still answers is
// address_in_use, a name that is too long name_too_long, and what is no socket stays and is
// address_in_use.
LocalListener listen_on(boost::asio::io_context& io, const std::filesystem::path& name,
                        boost::system::error_code& failure);

// Who is at the other end, as the kernel knows it (SO_PEERCRED).
struct LocalPeer {
  uid_t user = static_cast<uid_t>(-1);
  pid_t process = 0;
};
LocalPeer peer_of(LocalSocket& socket, boost::system::error_code& failure);

// The addresses that this machine's interfaces have now.
std::vector<boost::asio::ip::address> own_addresses();

// What this machine calls itself: its host name, and the names that /etc/hosts has on the lines of
// that name. Asks no name server.
std::vector<std::string> own_names();

// socket(2), closed in programs that are started: what base/http_client and letters connect with.
// -1, with the reason in errno, where it fails.
int open_socket(int domain, int type, int protocol);

}  // namespace districtd
