#include "base/ports/network.h"

namespace districtd {

TcpListener listen_on(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& endpoint,
                      boost::system::error_code& failure) {
  TcpListener listener(io);
  listener.open(endpoint.protocol(), failure);
  if (!failure) listener.set_option(TcpListener::reuse_address(true), failure);
  if (!failure) listener.bind(endpoint, failure);
  if (!failure) listener.listen(boost::asio::socket_base::max_listen_connections, failure);
  return listener;
}

int open_socket(int domain, int type, int protocol) {
  return ::socket(domain, type | SOCK_CLOEXEC, protocol);
}

}  // namespace districtd
