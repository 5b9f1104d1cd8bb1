// Who may use a route, and who is asking.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <boost/asio/ip/address.hpp>

#include "base/result.h"
#include "daemon/http/answer.h"
#include "daemon/http/known_hosts.h"

namespace districtd {

// Whom a listener is there for. One for token holders hides the routes that are open to all; one
// for readers of bulletins has the bulletins and nothing else.
enum class Audience { everybody, token_holders, bulletin_readers };

// A listener, as far as access depends on it.
struct Entrance {
  Audience audience = Audience::everybody;
  bool is_loopback = false;  // the address that it is bound to; a wildcard is none
};

// Whom a route lets in. Reading is open to whoever reads locally (see reads_locally()) on a
// listener for everybody; everywhere else it is for the roles that are named here.
enum class Access {
  open,        // everybody; a listener for token holders does not have the route
  read,        // reading: reader, office, operator
  read_own,    // the same, and a department what is its own
  bulletins,   // as read; open on a listener for readers of bulletins
  metrics,     // as read, and whoever scrapes: by the password or from an address of [http]
  department,  // reporting: a department
  office,      // deciding on what departments sent: the office
  operation,   // running the daemon: office, operator
};

// As whom a request came in.
struct Caller {
  enum class Role {
    anyone,      // nothing was shown that is known, or nothing was asked for
    department,  // which reports
    office,      // the supervision office (督查室)
    operation,   // the server's operator
    reader,      // reads everything and changes nothing
    scraper,     // reads the metrics
  };
  Role role = Role::anyone;
  std::string department;  // its id; "" for the other roles

  bool operator==(const Caller&) const = default;
};

// What a request's header says of where it comes from.
struct RequestSource {
  std::string host;            // Host, or the authority of an absolute target; "" without
  std::string origin;          // Origin: of the page that asks; "" without
  bool is_cross_site = false;  // Sec-Fetch-Site says that a page of another site asks
  bool is_navigation = false;  // Sec-Fetch-Mode and -Dest: somebody followed a link
  // A proxy passed it on, or signed somebody in before it: Forwarded, X-Forwarded-*, X-WEBAUTH-USER
  // and their like, see is_of_a_proxy().
  bool was_passed_on = false;
};

// Whether a field of this name is written by proxies about whom they pass on.
bool is_of_a_proxy(std::string_view field_name);

// What is decided on before the route's handler and the body.
struct AccessRequest {
  std::string_view method;
  std::string_view authorization;
  const RequestSource& source;
  boost::asio::ip::address peer;
  bool host_is_known;       // the source's
  const KnownHosts& hosts;  // that are, for the answer
};

// How a request came to be let in or turned away, for the metrics.
enum class AccessOutcome {
  open,
  local,    // reading, on loopback
  address,  // reading the metrics, from an address of [http] metrics_from
  department,
  office,
  operation,
  reader,
  scraper,        // by [http] metrics_password_file
  no_credential,  // from here on: turned away
  unknown_credential,
  too_many_failures,
  role,
  unknown_host,
  foreign_page,
};
inline constexpr std::size_t kAccessOutcomes = 14;

// Knows the tokens and passwords, and the words for whoever is turned away.
//
// Thread: the server calls it on the event loop's, before it reads a body.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // Whose token or password this Authorization header carries: anyone where nobody knows it. The
  // error is the 429 for an address from which too many came that nobody knows.
  virtual Result<Caller, HttpAnswer> caller_of(std::string_view authorization,
                                               const boost::asio::ip::address& peer) = 0;

  // Whether this address may read the metrics without showing anything.
  virtual bool may_scrape(const boost::asio::ip::address& peer) const = 0;

  // What is answered to a caller whom the route does not let in: 401 or 403.
  virtual HttpAnswer refusal(Access access, const Caller& caller,
                             std::string_view authorization) const = 0;

  virtual void count(AccessOutcome /*outcome*/) {}
};

// Whether a listener for `audience` has a route of this access at all.
bool is_served(Access access, Audience audience);

// Whether the request is one that somebody on this machine made to read: listener and Host are
// loopback, and no proxy passed it on.
bool reads_locally(const Entrance& entrance, const RequestSource& source);

// Refuses what a page of somebody else's may have made a browser ask: a request that names a host
// which is not known (421) or comes from another page (403). Who follows a link to read is no such
// request. `authenticator`, which counts, may be null.
std::optional<HttpAnswer> refuse_source(const AccessRequest& request, Authenticator* authenticator);

// As whom the request comes in, or the answer that it gets instead. Whatever is let in without a
// token or a password has a source that refuse_source() lets pass: a page whose name was pointed
// here can make up an Authorization. `authenticator` may be null where only routes of Access::open
// are served.
Result<Caller, HttpAnswer> admit(Access access, const Entrance& entrance,
                                 const AccessRequest& request, Authenticator* authenticator);

// Whether requests to such a route need a token on any listener.
bool needs_authenticator(Access access);

}  // namespace districtd
