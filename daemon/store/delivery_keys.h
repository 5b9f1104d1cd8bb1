// The tables `delivery` and `delivery_closed`: which submissions came under a key.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/digest.h"
#include "collectors/submission.h"
#include "daemon/store/sqlite.h"

namespace districtd {

// What a key is kept as: the SHA-256 of collector, department and key in one.
Sha256 delivery_key(std::string_view collector, std::string_view department, std::string_view key);

// What a submission says of its delivery, as it is kept.
struct DeliveryName {
  Sha256 key{};
  std::optional<Sha256> series;  // of Submission::series
};
// nullopt where the submission has no key.
std::optional<DeliveryName> delivery_name(const Submission& submission);

// What came before under a key.
struct EarlierDelivery {
  std::int64_t first = 0;   // seq of the submission that came first
  std::int64_t newest = 0;  // and of the last one; the same without a series
  bool is_same_body = false;
};

// Threads: one, the store's. Functions throw sqlite::Error. They also speak of what the open
// transaction has recorded.
class DeliveryKeys {
 public:
  explicit DeliveryKeys(const sqlite::Connection& connection);  // which outlives this

  // What came under the submission's key; `sha256` is that of its body. nullopt where the key is
  // new, or its delivery is over: closed, or followed by another one of the series.
  std::optional<EarlierDelivery> find(const DeliveryName& name, const Submission& submission,
                                      std::span<const unsigned char> sha256);

  // The submission with this seq came under the name.
  void insert(const DeliveryName& name, std::int64_t seq);

  // What comes under the key from now on is new.
  void close(const Sha256& key);

  // Lets go of the statements, which would keep a transaction open.
  void reset() noexcept;

 private:
  std::optional<EarlierDelivery> find_in_series(const DeliveryName& name,
                                                std::span<const unsigned char> sha256);
  std::optional<EarlierDelivery> find_from_before_series(const DeliveryName& name,
                                                         const Submission& submission,
                                                         std::span<const unsigned char> sha256);
  void insert(const Sha256& key, std::int64_t seq);

  sqlite::Statement newest_;
  sqlite::Statement in_series_;  // first and newest of a key's delivery
  sqlite::Statement body_;
  sqlite::Statement any_;
  sqlite::Statement newest_named_;
  sqlite::Statement insert_named_;
  sqlite::Statement insert_;
  sqlite::Statement close_;
};

}  // namespace districtd
