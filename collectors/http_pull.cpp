#include "collectors/http_pull.h"

#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <boost/url.hpp>

#include "base/base64.h"
#include "base/json_writer.h"
#include "base/ports/files.h"
#include "base/toml_values.h"
#include "collectors/pull/pull_metrics.h"

namespace districtd {

namespace {

class HttpPull final : public Collector {
 public:
  HttpPull(const PullSource& source, const CollectorContext& context)
      : name_(source.name), metrics_(context.registry), report_(context.report) {
    loop_.emplace(context.io, context.sink, source,
                  [this](std::string_view, std::string_view failure, std::string_view message,
                         std::chrono::nanoseconds took) { fetched(failure, message, took); });
  }

  void start() override { loop_->start(); }

  bool can_go_on(const CollectorContext& /*context*/) const override { return true; }
  void reloaded() override { loop_->forget_refused(); }

  void stop() override { loop_.reset(); }
  void forget_series() override { metrics_.forget(name_); }

 private:
  void fetched(std::string_view failure, std::string_view message, std::chrono::nanoseconds took) {
    metrics_.observe(name_, failure, took);
    if (message.empty()) return;  // good, or a refusal that was reported before
    report_(ReportLevel::warn, "pull_failed", message,
            {{"source", json_text(name_)}, {"reason", json_text(failure)}});
  }

  const std::string name_;
  PullMetrics metrics_;
  const CollectorReport report_;
  std::optional<PullLoop> loop_;
};

// From files, so that no secret stands in a configuration that many may read.
void read_credential(TomlTable& table, const std::filesystem::path& folder, PullSource& source) {
  const auto bearer = read_path(table, "bearer_file", folder, false);
  const auto basic = read_path(table, "basic_file", folder, false);
  const auto header = read_path(table, "header_file", folder, false);
  if ((bearer ? 1 : 0) + (basic ? 1 : 0) + (header ? 1 : 0) > 1) {
    table.add_finding("bearer_file",
                      "one of 'bearer_file', 'basic_file' and 'header_file' is enough");
    return;
  }
  const auto first_line = [&](std::string_view key, const std::filesystem::path& file) {
    const auto read = read_first_line(file);
    const std::string line = read ? *read : "";
    if (line.empty()) {
      table.add_finding(key, file.string() +
                                 " cannot be read, or its first line is empty; it has to "
                                 "hold the credential");
    }
    return line;
  };
  source.credential_header = bearer || basic ? "Authorization" : "";
  if (bearer) source.credential = "Bearer " + first_line("bearer_file", *bearer);
  if (basic) {
    const std::string pair = first_line("basic_file", *basic);
    if (!pair.empty() && pair.find(':') == std::string::npos) {
      table.add_finding("basic_file", basic->string() + " has to hold USER:PASSWORD");
    }
    source.credential = "Basic " + base64(pair);
  }
  if (!header) return;
  const std::string line = first_line("header_file", *header);
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos || colon == 0) {
    if (!line.empty())
      table.add_finding("header_file", header->string() + " has to hold NAME: VALUE");
    return;
  }
  source.credential_header = line.substr(0, colon);
  const std::size_t value = line.find_first_not_of(' ', colon + 1);
  source.credential = value == std::string::npos ? "" : line.substr(value);
}

void read_json_mapping(TomlTable& table, PullSource& source) {
  auto json = table.table("json");
  if (!json) return;
  JsonMapping mapping;
  const auto pointer = [&](std::string_view key, std::string& out, bool required) {
    out = json->text(key, required).value_or("");
    if (!is_json_pointer(out)) {
      json->add_finding(key, "'" + out + "' is no JSON Pointer; expected such as \"/data/rows\"");
    }
  };
  pointer("rows", mapping.rows, false);
  pointer("target", mapping.target, true);
  pointer("as_of", mapping.as_of, true);
  pointer("value", mapping.value, true);
  pointer("note", mapping.note, false);
  json->finish();
  source.json = std::move(mapping);
}

PullSource read_source(TomlTable& table, const CollectorTables& tables) {
  PullSource source;
  source.name = table.text("name", true).value_or("");
  source.department = tables.department(table);
  source.url = table.text("url", true).value_or("");
  check_url(table, "url", source.url);
  if (const auto url = boost::urls::parse_uri(source.url); url && url->has_userinfo()) {
    table.add_finding("url", "a user or password in 'url' would stand in logs; leave it out");
  }
  source.redirect_hosts = table.texts("redirect_hosts");
  for (const std::string& host : source.redirect_hosts) {
    if (!host.empty() && host.find_first_of("/@ *") == std::string::npos) continue;
    table.add_finding("redirect_hosts", "'" + host +
                                            "' is no host; expected such as \"data.example.cn\" or "
                                            "\"data.example.cn:8443\"");
  }
  read_duration(table, "every", source.every);
  read_duration(table, "timeout", source.timeout);
  read_size(table, "max_size", "64MiB", source.max_bytes);
  if (const auto ca = read_path(table, "ca_file", tables.folder, false)) {
    source.ca_file = ca->string();
  }
  read_credential(table, tables.folder, source);
  read_json_mapping(table, source);
  return source;
}

CollectorConfigs read(const CollectorTables& tables) {
  CollectorConfigs pulls;
  std::set<std::string> names;
  for (TomlTable& table : tables.root.tables(kHttpPull.name)) {
    auto pull = std::make_shared<HttpPullConfig>();
    pull->source = read_source(table, tables);
    const std::string& name = pull->source.name;
    if (!name.empty() && !names.insert(name).second) {
      table.add_finding("name", "two [[http_pull]] are called '" + name + "'");
    }
    table.finish();
    pulls.push_back(std::move(pull));
  }
  return pulls;
}

}  // namespace

constinit const CollectorKind kHttpPull = {"http_pull", "pull sources", read};

bool HttpPullConfig::is_same(const CollectorConfig& other) const {
  const auto* const pull = dynamic_cast<const HttpPullConfig*>(&other);
  return pull != nullptr && pull->source == source;
}

std::unique_ptr<Collector> HttpPullConfig::make(const CollectorContext& context) const {
  return std::make_unique<HttpPull>(source, context);
}

}  // namespace districtd
