// What all connections of a server have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <boost/asio/io_context.hpp>

#include "daemon/http/deadline_queue.h"
#include "daemon/http/route_table.h"
#include "daemon/http/server.h"

namespace districtd {

class Connection;

// Lives longer than every connection that is not closed.
//
// Thread: the event loop's.
struct ConnectionsShared {
  ConnectionsShared(boost::asio::io_context& io, HttpServerOptions given, HttpApi api,
                    HttpServer::Observer given_observer);

  bool is_full() const { return open.size() >= options.max_connections; }
  const RouteTable& routes_for(Audience audience) const {
    switch (audience) {
      case Audience::everybody:
        break;
      case Audience::token_holders:
        return routes_for_token_holders;
      case Audience::bulletin_readers:
        return routes_for_bulletin_readers;
    }
    return routes;
  }
  // Whether a request names this daemon by its Host. `local` is the address that its client
  // connected to.
  bool is_own_host(std::string_view host, const boost::asio::ip::address& local) const;
  // Twelve hexadecimal digits: as many ids as differ before a process has answered 2^48 requests,
  // and few enough that a std::string keeps them without an allocation.
  std::string new_request_id();

  HttpServerOptions options;
  RouteTable routes;
  RouteTable routes_for_token_holders;
  RouteTable routes_for_bulletin_readers;
  std::unique_ptr<Authenticator> authenticator;  // not null where a route needs one
  HttpServer::Observer observer;
  DeadlineQueue idle;     // for the next request to begin
  DeadlineQueue request;  // for a handshake, a request to arrive, and an answer to move at all
  DeadlineQueue linger;   // for the client to close after the last answer
  // The owner of every open connection. The handlers of a connection's pending operations share it
  // until they have run; a reply that is still to come does not.
  std::unordered_map<Connection*, std::shared_ptr<Connection>> open;
  std::size_t lingering = 0;  // how many of the open ones have their last answer, see `linger`
  bool draining = false;
  // Called when there may be room for another connection: one closed, began to linger, or became
  // idle while all places were taken. May close any idle connection.
  std::function<void()> on_room;

 private:
  std::uint64_t last_request_id_;
};

}  // namespace districtd
