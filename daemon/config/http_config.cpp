#include "daemon/config/http_config.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/digest.h"
#include "base/ports/files.h"
#include "daemon/http/host_name.h"
#include "daemon/http/listen_address.h"

namespace districtd {

namespace {

constexpr std::size_t kLeastHeader = 1U << 10;
constexpr std::size_t kMostHeader = 1U << 20;

std::vector<std::string> read_listen(TomlTable& table, std::string_view example) {
  auto listen = table.texts("listen");
  for (const std::string& address : listen) {
    if (parse_listen_address(address)) continue;
    table.add_finding("listen",
                      "'" + address + "' is no address; expected such as " + std::string{example});
  }
  return listen;
}

HttpTlsConfig read_tls(TomlTable& table, const std::filesystem::path& folder,
                       const std::vector<std::string>& plain) {
  HttpTlsConfig tls;
  tls.listen = read_listen(table, "0.0.0.0:9443");
  if (tls.listen.empty()) {
    table.add_finding("listen", "[http.tls] needs 'listen'; expected such as [\"0.0.0.0:9443\"]");
  }
  for (const std::string& address : tls.listen) {
    if (std::find(plain.begin(), plain.end(), address) == plain.end()) continue;
    table.add_finding("listen",
                      "'" + address + "' stands in [http] listen too; TLS needs a port of its own");
  }
  tls.certificate = read_path(table, "certificate", folder, true).value_or("");
  tls.key = read_path(table, "key", folder, true).value_or("");
  tls.serves_all = table.word("serves", {"tokens", "all"}) == std::size_t{1};
  table.finish();
  return tls;
}

// The names of this daemon are compared with what clients write in Host.
void read_hosts(TomlTable& table, HttpConfig& http) {
  http.hosts = table.texts("hosts");
  for (const std::string& host : http.hosts) {
    const bool is_bare_v6 = std::count(host.begin(), host.end(), ':') > 1;
    const auto parsed = parse_host(is_bare_v6 ? "[" + host + "]" : host);
    if (parsed && (is_bare_v6 || host.find(':') == std::string::npos)) continue;
    table.add_finding("hosts", "'" + host +
                                   "' is no host; expected a name or an address without a port, "
                                   "such as \"districtd.example.org\" or \"10.1.2.3\"");
  }
}

void read_metrics_access(TomlTable& table, const std::filesystem::path& folder,
                         MetricsAccess& metrics) {
  for (const std::string& text : table.texts("metrics_from")) {
    auto range = AddressRange::parse(text);
    if (range) {
      metrics.from.push_back(*range);
    } else {
      table.add_finding("metrics_from", range.error());
    }
  }
  const auto file = read_path(table, "metrics_password_file", folder, false);
  if (!file) return;
  const auto line = read_first_line(*file);
  if (!line || line->empty()) {
    table.add_finding("metrics_password_file",
                      file->string() +
                          " cannot be read, or its first line is empty; it has to hold "
                          "the password with which Prometheus asks for /metrics");
    return;
  }
  metrics.password_sha256 = sha256_hex(*line);
}

void read_bulletin_listeners(TomlTable& table, HttpConfig& http) {
  http.bulletin_listen = read_listen(table, "10.1.2.3:9481");
  if (http.bulletin_listen.empty()) {
    table.add_finding("listen",
                      "[http.bulletins] needs 'listen'; expected such as [\"10.1.2.3:9481\"]");
  }
  for (const std::string& address : http.bulletin_listen) {
    const bool is_taken =
        std::find(http.listen.begin(), http.listen.end(), address) != http.listen.end() ||
        (http.tls && std::find(http.tls->listen.begin(), http.tls->listen.end(), address) !=
                         http.tls->listen.end());
    if (!is_taken) continue;
    table.add_finding("listen", "'" + address +
                                    "' stands in [http] or [http.tls] listen too; bulletins need "
                                    "a port of their own");
  }
  table.finish();
}

bool is_beyond_loopback(const std::string& listen) {
  const auto endpoint = parse_listen_address(listen);
  return endpoint && !is_loopback(endpoint->address());
}

// Behind max_body. A body that would never have room would be answered "try again" for ever.
void read_memory(TomlTable& table, HttpConfig& http) {
  http.memory_bytes = HttpConfig::kMemoryOfBodies * http.max_body_bytes;
  read_size(table, "memory", "256MiB", http.memory_bytes);
  if (http.memory_bytes >= HttpConfig::kLeastMemoryOfBodies * http.max_body_bytes) return;
  table.add_finding("memory", "'memory' has to be at least " +
                                  std::to_string(HttpConfig::kLeastMemoryOfBodies) +
                                  " times 'max_body', for a body that is read holds several times "
                                  "its size; make 'memory' larger or 'max_body' smaller");
}

}  // namespace

std::vector<std::string> listeners_beyond_loopback(const HttpConfig& http) {
  std::vector<std::string> found;
  std::copy_if(http.listen.begin(), http.listen.end(), std::back_inserter(found),
               is_beyond_loopback);
  if (http.tls && http.tls->serves_all) {
    std::copy_if(http.tls->listen.begin(), http.tls->listen.end(), std::back_inserter(found),
                 is_beyond_loopback);
  }
  return found;
}

HttpConfig read_http(TomlTable& root, const std::filesystem::path& folder,
                     std::vector<std::filesystem::path>& token_files) {
  HttpConfig http;
  auto table = root.table("http");
  if (!table) return http;
  if (auto listen = read_listen(*table, "127.0.0.1:9480"); !listen.empty()) {
    http.listen = std::move(listen);
  }
  read_size(*table, "max_body", "16MiB", http.max_body_bytes);
  read_size(*table, "max_header", "16KiB", http.max_header_bytes);
  if (http.max_header_bytes < kLeastHeader || http.max_header_bytes > kMostHeader) {
    table->add_finding("max_header", "'max_header' has to be 1KiB to 1MiB");
  }
  read_duration(*table, "request_timeout", http.request_timeout);
  read_duration(*table, "idle_timeout", http.idle_timeout);
  if (const auto most = table->integer("max_connections", 1, 1'000'000)) {
    http.max_connections = static_cast<std::size_t>(*most);
  }
  if (const auto most = table->integer("max_connections_per_client", 0, 1'000'000)) {
    http.max_connections_per_client = static_cast<std::size_t>(*most);
  }
  read_duration(*table, "answer_timeout", http.answer_timeout);
  read_size(*table, "least_rate", "1KiB", http.least_bytes_per_second);
  read_memory(*table, http);
  if (const auto most = table->integer("pushes_per_minute", 0, 1'000'000)) {
    http.pushes_per_minute = static_cast<unsigned>(*most);
  }
  token_files = read_paths(*table, "token_files", folder);
  read_hosts(*table, http);
  read_metrics_access(*table, folder, http.metrics);
  if (auto tls = table->table("tls")) http.tls = read_tls(*tls, folder, http.listen);
  if (auto bulletins = table->table("bulletins")) read_bulletin_listeners(*bulletins, http);
  table->finish();
  return http;
}

}  // namespace districtd
