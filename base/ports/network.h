// The one place from which the program connects and listens.
#pragma once

#include <sys/socket.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace districtd {

// A client that has connected to this program.
using TcpSocket = boost::asio::ip::tcp::socket;

// Where clients connect to.
using TcpListener = boost::asio::ip::tcp::acceptor;

// Listens at once, also where connections of before are still being closed; `failure` says why not.
TcpListener listen_on(boost::asio::io_context& io, const boost::asio::ip::tcp::endpoint& endpoint,
                      boost::system::error_code& failure);

// socket(2), closed in programs that are started: what base/http_client and letters connect with.
// -1, with the reason in errno, where it fails.
int open_socket(int domain, int type, int protocol);

}  // namespace districtd
