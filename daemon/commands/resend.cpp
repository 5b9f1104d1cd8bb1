#include <ostream>
#include <string>
#include <boost/json.hpp>
#include <boost/url.hpp>

#include "base/text.h"
#include "daemon/commands/moment.h"
#include "daemon/commands/options.h"
#include "daemon/config/configuration.h"
#include "daemon/delivery/transfer.h"

namespace districtd {

namespace {

namespace json = boost::json;

// The daemon listens there; "all addresses" is reached on this machine.
std::string reachable(std::string address) {
  if (address.starts_with("0.0.0.0:")) return "127.0.0.1" + address.substr(7);
  if (address.starts_with("[::]:")) return "[::1]" + address.substr(4);
  return address;
}

std::string said(const std::string& body, std::string_view key) {
  json::error_code error;
  const json::value value = json::parse(body, error);
  const auto* const object = error ? nullptr : value.if_object();
  const auto* found = object != nullptr ? object->if_contains(key) : nullptr;
  if (found != nullptr && found->is_object()) found = found->get_object().if_contains("message");
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

}  // namespace

int resend(const ResendOptions& options, std::ostream& out, std::ostream& err) {
  auto loaded = loaded_configuration(options.config, err);
  if (!loaded) return 1;
  const Configuration& configuration = loaded->configuration;
  boost::urls::url url{"http://" + reachable(configuration.http.listen.front())};
  url.set_path("/-/bulletins/" + options.id + "/resend");
  if (!options.to.empty()) url.params().append({"to", options.to});
  if (options.all) url.params().append({"all", "1"});
  const Transfer answer = post_json(std::string{url.buffer()}, "", std::chrono::seconds{30}, {});
  if (answer.result == Transfer::Result::sent) {
    out << printable(said(answer.body, "message")) << '\n';
    return 0;
  }
  const std::string why = said(answer.body, "error");
  err << (why.empty()
              ? "the daemon at " + reachable(configuration.http.listen.front()) +
                    " cannot be asked: " + answer.detail + "; it sends bulletins, so it has to run"
              : printable(why))
      << '\n';
  return 1;
}

}  // namespace districtd
