#include "base/ports/network.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <sstream>

#include "base/ports/files.h"

namespace districtd {

namespace {

using boost::asio::local::stream_protocol;

// Whether `name` is a socket that nobody listens on any more.
bool is_abandoned(boost::asio::io_context& io, const std::filesystem::path& name) {
  struct stat status {};
  if (::lstat(name.c_str(), &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  LocalSocket probe(io);
  boost::system::error_code failure;
  probe.open(stream_protocol(), failure);
  // A listener that takes nobody in is there all the same, and not to be waited for.
  if (!failure) probe.non_blocking(true, failure);
  if (failure) return false;
  probe.connect(stream_protocol::endpoint(name.string()), failure);
  return failure == boost::asio::error::connection_refused;
}

void bind_privately(LocalListener& listener, const std::filesystem::path& name,
                    boost::system::error_code& failure) {
  listener.open(stream_protocol(), failure);
  if (failure) return;
  // Linux gives the name the mode of the socket: no moment in which others could connect.
  if (::fchmod(listener.native_handle(), 0600) != 0) {
    failure.assign(errno, boost::system::system_category());
    return;
  }
  listener.bind(stream_protocol::endpoint(name.string()), failure);
  if (!failure) listener.listen(boost::asio::socket_base::max_listen_connections, failure);
}

}  // namespace

TcpListener listen_on(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& endpoint,
                      boost::system::error_code& failure) {
  TcpListener listener(io);
  listener.open(endpoint.protocol(), failure);
  if (!failure) listener.set_option(TcpListener::reuse_address(true), failure);
  if (!failure) listener.bind(endpoint, failure);
  if (!failure) listener.listen(boost::asio::socket_base::max_listen_connections, failure);
  return listener;
}

LocalListener listen_on(boost::asio::io_context& io, const std::filesystem::path& name,
                        boost::system::error_code& failure) {
  LocalListener listener(io);
  if (name.native().size() > kLongestSocketName) {
    failure = boost::system::errc::make_error_code(boost::system::errc::filename_too_long);
    return listener;
  }
  bind_privately(listener, name, failure);
  if (failure != boost::asio::error::address_in_use || !is_abandoned(io, name)) return listener;
  std::error_code ignored;
  std::filesystem::remove(name, ignored);
  listener = LocalListener(io);
  bind_privately(listener, name, failure);
  return listener;
}

LocalPeer peer_of(LocalSocket& socket, boost::system::error_code& failure) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
    failure.assign(errno, boost::system::system_category());
    return {};
  }
  failure.clear();
  return {credentials.uid, credentials.pid};
}

std::vector<boost::asio::ip::address> own_addresses() {
  std::vector<boost::asio::ip::address> addresses;
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return addresses;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owned(list, ::freeifaddrs);
  for (const ifaddrs* one = list; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr == nullptr) continue;
    if (one->ifa_addr->sa_family == AF_INET) {
      sockaddr_in v4{};
      std::memcpy(&v4, one->ifa_addr, sizeof v4);
      addresses.emplace_back(boost::asio::ip::address_v4(ntohl(v4.sin_addr.s_addr)));
    } else if (one->ifa_addr->sa_family == AF_INET6) {
      sockaddr_in6 v6{};
      std::memcpy(&v6, one->ifa_addr, sizeof v6);
      boost::asio::ip::address_v6::bytes_type bytes;
      std::memcpy(bytes.data(), &v6.sin6_addr, bytes.size());
      addresses.emplace_back(boost::asio::ip::address_v6(bytes));
    }
  }
  return addresses;
}

std::vector<std::string> own_names() {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) return {};
  const std::string own = host.data();
  std::vector<std::string> names = {own};
  const auto hosts = read_whole("/etc/hosts");
  std::istringstream lines(hosts ? *hosts : "");
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string address;
    words >> address;
    std::vector<std::string> of_line;
    for (std::string name; words >> name;) of_line.push_back(std::move(name));
    if (std::find(of_line.begin(), of_line.end(), own) == of_line.end()) continue;
    names.insert(names.end(), of_line.begin(), of_line.end());
  }
  return names;
}

int open_socket(int domain, int type, int protocol) {
  return ::socket(domain, type | SOCK_CLOEXEC, protocol);
}

}  // namespace districtd
