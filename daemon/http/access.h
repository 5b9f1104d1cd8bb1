// Who may use a route, and who is asking.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "daemon/http/answer.h"

namespace districtd {

// Whom a listener is there for. One for token holders hides every route that is open to all.
enum class Audience { everybody, token_holders };

// Whom a route lets in. What "or" names is asked for on a listener for token holders; on one for
// everybody the route is open.
enum class Access {
  open,            // everybody; a listener for token holders does not have the route
  open_or_token,   // everybody, or whoever shows a department's token or the office's
  open_or_office,  // everybody, or whoever shows the office's token
  department,      // whoever shows a department's token, on every listener
  office,          // whoever shows the office's token, on every listener
};

// As whom a request came in.
struct Caller {
  enum class Role {
    anyone,      // no known token was shown, or the route is open here and none was asked for
    department,  // which reports
    office,      // the supervision office (督查室)
  };
  Role role = Role::anyone;
  std::string department;  // its id; "" for the other roles

  bool operator==(const Caller&) const = default;
};

// Knows the tokens, and the words for whoever is turned away.
//
// Thread: the server calls it on the event loop's, before it reads a body.
class Authenticator {
 public:
  virtual ~Authenticator() = default;

  // Whose token this Authorization header carries.
  virtual Caller caller_of(std::string_view authorization) const = 0;

  // What is answered to a caller whom the route does not let in: 401 or 403.
  virtual HttpAnswer refusal(const Caller& caller, std::string_view authorization) const = 0;
};

// Whether a listener for `audience` has a route of this access at all.
bool is_served(Access access, Audience audience);

// As whom the request comes in, or the answer that it gets instead. Asks `authenticator` only where
// a token is needed; it may be null where no route needs one.
Result<Caller, HttpAnswer> admit(Access access, Audience audience, std::string_view authorization,
                                 const Authenticator* authenticator);

// Whether requests to such a route need a token on any listener.
bool needs_authenticator(Access access);

}  // namespace districtd
