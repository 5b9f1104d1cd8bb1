#include "daemon/service/reload.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <boost/asio/post.hpp>

#include "base/heartbeat.h"
#include "base/json_writer.h"
#include "collectors/receipt_json.h"
#include "daemon/log/logging.h"

namespace districtd {

namespace asio = boost::asio;

Findings what_needs_a_restart(const std::filesystem::path& file, const Configuration& before,
                              const Configuration& next) {
  Findings findings;
  const auto needs = [&](std::string_view key) {
    findings.push_back({file.string(), 0, 0,
                        std::string{key} + " cannot change in a reload; restart districtd, or put "
                                           "the old value back"});
  };
  if (next.time_zone != before.time_zone) needs("[district] time_zone");
  if (next.store_path != before.store_path) needs("[store] path");
  if (next.http.listen != before.http.listen) needs("[http] listen");
  if (next.http.bulletin_listen != before.http.bulletin_listen) needs("[http.bulletins] listen");
  const auto& tls = next.http.tls;
  const auto& tls_before = before.http.tls;
  if (tls.has_value() != tls_before.has_value()) {
    needs("whether there is [http.tls]");
  } else if (tls && tls->listen != tls_before->listen) {
    needs("[http.tls] listen");
  } else if (tls && tls->serves_all != tls_before->serves_all) {
    needs("[http.tls] serves");
  }
  return findings;
}

Reload::Reload(asio::io_context& io, asio::thread_pool& workers, std::filesystem::path file,
               const Configuration& in_force, ServiceMetrics& metrics, Prepare prepare,
               Begin at_begin)
    : io_(io),
      workers_(workers),
      file_(std::move(file)),
      in_force_(in_force),
      metrics_(metrics),
      prepare_(std::move(prepare)),
      at_begin_(std::move(at_begin)) {}

void Reload::begin(Done done) {
  asio::post(workers_, [this, complete = at_begin_ ? at_begin_() : Complete{},
                        done = std::move(done)]() mutable {
    const Busy busy("reads the configuration");
    // Shared because a handler has to be copyable; only the event loop uses it from here on.
    auto checked = std::make_shared<Result<CheckedConfiguration, Findings>>(load(complete));
    asio::post(io_, [this, checked, done = std::move(done)] {
      const Findings refused = *checked ? adopt(*std::move(*checked)) : std::move(checked->error());
      if (!refused.empty()) refuse(refused);
      done(refused);
    });
  });
}

// What should not happen while a file is read refuses the reload, and ends nothing.
Result<CheckedConfiguration, Findings> Reload::load(const Complete& complete) const {
  try {
    auto loaded = load_checked_configuration(file_);
    if (loaded && complete) complete(*loaded);
    return loaded;
  } catch (const std::exception& e) {
    return Findings{
        {file_.string(), 0, 0, std::string{"it could not be read: "} + e.what() + "; try again"}};
  }
}

Findings Reload::adopt(CheckedConfiguration next) {
  Findings findings = what_needs_a_restart(file_, in_force_, next.loaded.configuration);
  if (!findings.empty()) return findings;
  const auto log = next.loaded.configuration.log;
  PutInForce put_in_force;
  try {
    auto prepared = prepare_(std::move(next));
    if (!prepared) return std::move(prepared).error();
    put_in_force = *std::move(prepared);
  } catch (const std::exception& e) {
    return {{file_.string(), 0, 0,
             std::string{"what the configuration asks for could not be made ready: "} + e.what() +
                 "; mend that and reload again"}};
  }
  try {
    configure_logging(log);
  } catch (const spdlog::spdlog_ex& e) {
    return {{file_.string(), 0, 0, std::string{"[log] "} + e.what()}};
  }
  put_in_force();
  metrics_.set_reload(true);
  return {};
}

void Reload::refuse(const Findings& findings) {
  metrics_.set_reload(false);
  for (const Finding& finding : findings) {
    log_event(LogLevel::error, "reload_refused", to_string(finding),
              {{"file", json_text(finding.file)},
               {"line", std::to_string(finding.line)},
               {"column", std::to_string(finding.column)}});
  }
}

HttpAnswer reload_answer(const Findings& refused, std::size_t targets) {
  HttpAnswer answer;
  if (refused.empty()) {
    JsonWriter json(answer.body);
    json.begin_object();
    json.member("reloaded", true);
    json.member("targets", targets);
    json.end_object();
    answer.body += '\n';
    return answer;
  }
  std::string all;
  for (const Finding& finding : refused) all += (all.empty() ? "" : "; ") + to_string(finding);
  answer.status = 422;
  answer.body = error_json("reload_refused", "the old configuration stays in force: " + all);
  return answer;
}

}  // namespace districtd
