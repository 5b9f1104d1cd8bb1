#include "daemon/config/http_config.h"

#include <algorithm>
#include <string_view>

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
  if (auto tls = table->table("tls")) http.tls = read_tls(*tls, folder, http.listen);
  table->finish();
  return http;
}

}  // namespace districtd
