// How the daemon is reached over HTTP: [http] and [http.tls] of the configuration.
// docs/configuration.md describes the keys.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/toml_values.h"
#include "daemon/http/address_range.h"

namespace districtd {

struct HttpTlsConfig {
  std::vector<std::string> listen;    // as HttpConfig::listen; at least one
  std::filesystem::path certificate;  // PEM: the server's first, then those that lead to its root
  std::filesystem::path key;          // PEM, without a passphrase
  bool serves_all = false;            // else only what asks for a token
  friend bool operator==(const HttpTlsConfig&, const HttpTlsConfig&) = default;
};

// Who else may read /metrics than whoever reads everything.
struct MetricsAccess {
  std::string password_sha256;  // of [http] metrics_password_file; "" without
  std::vector<AddressRange> from;
  friend bool operator==(const MetricsAccess&, const MetricsAccess&) = default;
};

struct HttpConfig {
  // How many of the largest bodies `memory` has room for, unless it says otherwise; and how many at
  // least, as one that is read holds several times its size.
  static constexpr std::size_t kMemoryOfBodies = 16;
  static constexpr std::size_t kLeastMemoryOfBodies = 12;

  std::vector<std::string> listen = {"127.0.0.1:9480"};  // ADDRESS:PORT, numeric
  std::vector<std::string> bulletin_listen;              // [http.bulletins], likewise
  std::vector<std::string> hosts;                        // empty: see KnownHosts::of_listeners()
  MetricsAccess metrics;
  std::optional<HttpTlsConfig> tls;
  std::size_t max_body_bytes = 16U << 20;
  std::size_t max_header_bytes = 16U << 10;
  std::size_t max_connections = 1024;            // of each address listened on
  std::size_t max_connections_per_client = 128;  // of one client at one address; 0: no limit
  std::chrono::seconds request_timeout{30};
  std::chrono::seconds idle_timeout{75};
  std::chrono::seconds answer_timeout{30};
  std::size_t least_bytes_per_second = 1U << 10;
  std::size_t memory_bytes = kMemoryOfBodies * (16U << 20);  // of all bodies and answers
  unsigned pushes_per_minute = 0;                            // of one token; 0: no limit
};

// The listeners that are not on loopback alone and that serve whoever has no token: of [http] and,
// where it serves all, of [http.tls].
std::vector<std::string> listeners_beyond_loopback(const HttpConfig& http);

// What is wrong is found in the tables. `token_files` gets those that [http] names.
HttpConfig read_http(TomlTable& root, const std::filesystem::path& folder,
                     std::vector<std::filesystem::path>& token_files);

}  // namespace districtd
