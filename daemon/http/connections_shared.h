// What all connections of a server have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/byte_budget.h"
#include "daemon/http/pieces_in_flight.h"
#include "daemon/http/route_table.h"
#include "daemon/http/server.h"

namespace districtd {

class Connection;

// Lives longer than every connection that is not closed.
//
// Thread: the event loop's.
struct ConnectionsShared {
  ConnectionsShared(HttpServerOptions given, HttpApi api, HttpServer::Observer given_observer,
                    std::shared_ptr<ByteBudget> given_budget);

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
  std::shared_ptr<ByteBudget> budget;  // shared with whatever else holds what clients sent
  PiecesInFlight pieces;
  // Bodies that arrive leave this much of the budget to what was handed
  // over to the handlers, or a few large ones would keep every small push out.
  std::size_t left_to_handlers() const { return budget->limit() / 4; }
  // The owner of every open connection. The handlers of a connection's pending operations share it
  // until they have run; a reply that is still to come does not.
  std::unordered_map<Connection*, std::shared_ptr<Connection>> open;
  std::size_t lingering = 0;  // how many of the open ones have their last answer
  bool draining = false;
  // Called when there may be room for another connection: one closed, began to linger, or became
  // idle while all places were taken. May displace any connection that can be.
  std::function<void()> on_room;

 private:
  std::uint64_t last_request_id_;
};

}  // namespace districtd
