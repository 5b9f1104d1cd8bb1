// The tables `delivery` and `delivery_closed`: which submission came first under a key.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/digest.h"
#include "daemon/store/recorded.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// What a key is kept as: the SHA-256 of collector, department and key in one.
Sha256 delivery_key(std::string_view collector, std::string_view department, std::string_view key);

// Threads: one, the store's. Functions throw sqlite::Error. They also speak of what the open
// transaction has recorded.
class DeliveryKeys {
 public:
  explicit DeliveryKeys(const sqlite::Connection& connection);  // which outlives this

  // What became of the submission that came first under the key; `sha256` is that of the body that
  // comes under it now. nullopt where the key is new or its delivery was closed.
  std::optional<Repeated> find(const Sha256& key, std::span<const unsigned char> sha256);

  // The submission with this seq came under the key.
  void insert(const Sha256& key, std::int64_t seq);

  // What comes under the key from now on is new.
  void close(const Sha256& key);

  // Lets go of the statements, which would keep a transaction open.
  void reset() noexcept;

 private:
  const sqlite::Connection& connection_;
  sqlite::Statement newest_;
  sqlite::Statement insert_;
  sqlite::Statement close_;
};

}  // namespace districtd
