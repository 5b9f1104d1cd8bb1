// A client's socket, with TLS or without.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <boost/asio/ssl/stream.hpp>

#include "base/check.h"
#include "base/ports/network.h"
#include "daemon/http/certificate.h"

namespace districtd {

// One read and one write may be pending at a time. Whatever was started on it must have ended
// before it is destroyed.
//
// Thread: the event loop's.
class ClientStream {
 public:
  using Socket = TcpSocket;

  // Speaks TLS where `certificate` is not null.
  ClientStream(Socket socket, std::shared_ptr<ServerCertificate> certificate)
      : socket_(std::move(socket)), certificate_(std::move(certificate)) {
    if (certificate_) tls_.emplace(socket_, certificate_->context());
  }

  Socket& socket() { return socket_; }
  bool speaks_tls() const { return tls_ && !gave_up_; }

  // Only where it was made with a certificate.
  template <typename Handler>
  void async_handshake(Handler handler) {
    DISTRICT_CHECK(tls_, "only a stream with TLS shakes hands");
    tls_->async_handshake(boost::asio::ssl::stream_base::server, std::move(handler));
  }
  template <typename Handler>
  void async_shutdown(Handler handler) {
    DISTRICT_CHECK(tls_, "only a stream with TLS says its end");
    tls_->async_shutdown(std::move(handler));
  }
  // After a handshake that failed: what is written from now on goes out unencrypted.
  void give_up_tls() { gave_up_ = true; }

  template <typename Buffers, typename Handler>
  void async_read_some(const Buffers& buffers, Handler handler) {
    if (speaks_tls()) return tls_->async_read_some(buffers, std::move(handler));
    socket_.async_read_some(buffers, std::move(handler));
  }
  template <typename Buffers, typename Handler>
  void async_write_some(const Buffers& buffers, Handler handler) {
    if (speaks_tls()) return tls_->async_write_some(buffers, std::move(handler));
    socket_.async_write_some(buffers, std::move(handler));
  }

 private:
  Socket socket_;
  std::shared_ptr<ServerCertificate> certificate_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
  bool gave_up_ = false;
};

}  // namespace districtd
