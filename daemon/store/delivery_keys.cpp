#include "daemon/store/delivery_keys.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "daemon/store/stored_receipt.h"

namespace districtd {

// Neither a collector's name nor a department's id has a NUL.
Sha256 delivery_key(std::string_view collector, std::string_view department, std::string_view key) {
  std::string whole(collector);
  for (const std::string_view part : {department, key}) (whole += '\0') += part;
  return sha256_of(whole);
}

DeliveryKeys::DeliveryKeys(const sqlite::Connection& connection)
    : connection_(connection),
      newest_(connection,
              "SELECT seq, sha256, EXISTS(SELECT 1 FROM delivery_closed c"
              " WHERE c.seq = d.seq) FROM delivery d JOIN submission USING(seq)"
              " WHERE d.key = ? ORDER BY seq DESC LIMIT 1"),
      insert_(connection, "INSERT INTO delivery(key, seq) VALUES(?, ?)"),
      close_(connection,
             "INSERT OR IGNORE INTO delivery_closed(seq)"
             " SELECT seq FROM delivery WHERE key = ? ORDER BY seq DESC LIMIT 1") {}

std::optional<Repeated> DeliveryKeys::find(const Sha256& key,
                                           std::span<const unsigned char> sha256) {
  newest_.bind(1, std::span<const unsigned char>(key));
  const bool is_known = newest_.step() && newest_.integer(2) == 0;
  const std::int64_t seq = is_known ? newest_.integer(0) : 0;
  const bool is_same = is_known && std::ranges::equal(newest_.blob(1), sha256);
  newest_.reset();
  if (!is_known) return std::nullopt;
  if (!is_same) return Repeated{Outcome::conflict, {}};
  auto stored = stored_receipt(connection_, seq);
  if (!stored) throw std::runtime_error("a delivery's submission is not in the store");
  return Repeated{stored->outcome, std::move(stored->receipt)};
}

void DeliveryKeys::insert(const Sha256& key, std::int64_t seq) {
  insert_.bind(1, std::span<const unsigned char>(key)).bind(2, seq).run();
}

void DeliveryKeys::close(const Sha256& key) {
  close_.bind(1, std::span<const unsigned char>(key)).run();
}

void DeliveryKeys::reset() noexcept { newest_.reset(); }

}  // namespace districtd
