#include "daemon/store/delivery_keys.h"

#include <algorithm>
#include <string>

namespace districtd {

// Neither a collector's name nor a department's id has a NUL.
Sha256 delivery_key(std::string_view collector, std::string_view department, std::string_view key) {
  std::string whole(collector);
  for (const std::string_view part : {department, key}) (whole += '\0') += part;
  return sha256_of(whole);
}

std::optional<DeliveryName> delivery_name(const Submission& submission) {
  if (submission.key.empty()) return std::nullopt;
  const auto kept = [&](std::string_view key) {
    return delivery_key(submission.collector, submission.department, key);
  };
  DeliveryName name{kept(submission.key), std::nullopt};
  // A NUL in front: no key begins with one.
  if (!submission.series.empty()) name.series = kept(std::string(1, '\0') + submission.series);
  return name;
}

DeliveryKeys::DeliveryKeys(const sqlite::Connection& connection)
    : newest_(connection,
              "SELECT seq, sha256, EXISTS(SELECT 1 FROM delivery_closed c"
              " WHERE c.seq = d.seq) FROM delivery d JOIN submission USING(seq)"
              " WHERE d.key = ? ORDER BY seq DESC LIMIT 1"),
      // What stands under the key, from the last one of the series that stands under another key.
      in_series_(
          connection,
          "SELECT min(d.seq), max(d.seq) FROM delivery d WHERE d.key = ?1 AND d.seq > coalesce("
          " (SELECT seq FROM delivery other WHERE key = ?2"
          "   AND NOT EXISTS(SELECT 1 FROM delivery WHERE key = ?1 AND seq = other.seq)"
          "   ORDER BY seq DESC LIMIT 1), 0)"),
      body_(connection, "SELECT sha256 FROM submission WHERE seq = ?"),
      any_(connection, "SELECT 1 FROM delivery WHERE key = ? LIMIT 1"),
      newest_named_(connection,
                    "SELECT seq, sha256 FROM submission"
                    " WHERE collector = ? AND department = ? AND name = ?"
                    " AND seq > (SELECT max(seq) FROM submission) - 1000000"
                    " ORDER BY seq DESC LIMIT 1"),
      insert_named_(connection,
                    "INSERT INTO delivery(key, seq) SELECT ?, seq FROM submission"
                    " WHERE collector = ? AND department = ? AND name = ?"
                    " AND seq > (SELECT max(seq) FROM submission) - 1000000"),
      insert_(connection, "INSERT INTO delivery(key, seq) VALUES(?, ?)"),
      close_(connection,
             "INSERT OR IGNORE INTO delivery_closed(seq)"
             " SELECT seq FROM delivery WHERE key = ? ORDER BY seq DESC LIMIT 1") {}

std::optional<EarlierDelivery> DeliveryKeys::find(const DeliveryName& name,
                                                  const Submission& submission,
                                                  std::span<const unsigned char> sha256) {
  if (name.series) {
    auto found = find_in_series(name, sha256);
    return found ? found : find_from_before_series(name, submission, sha256);
  }
  newest_.bind(1, std::span<const unsigned char>(name.key));
  std::optional<EarlierDelivery> found;
  if (newest_.step() && newest_.integer(2) == 0) {
    const std::int64_t seq = newest_.integer(0);
    found = EarlierDelivery{seq, seq, std::ranges::equal(newest_.blob(1), sha256)};
  }
  newest_.reset();
  return found;
}

std::optional<EarlierDelivery> DeliveryKeys::find_in_series(const DeliveryName& name,
                                                            std::span<const unsigned char> sha256) {
  in_series_.bind(1, std::span<const unsigned char>(name.key))
      .bind(2, std::span<const unsigned char>(*name.series));
  std::optional<EarlierDelivery> found;
  if (in_series_.step() && !in_series_.is_null(0)) {
    found = EarlierDelivery{in_series_.integer(0), in_series_.integer(1), false};
  }
  in_series_.reset();
  if (!found) return std::nullopt;
  body_.bind(1, found->newest);
  found->is_same_body = body_.step() && std::ranges::equal(body_.blob(0), sha256);
  body_.reset();
  return found;
}

// A file that was written before there were series, or before the source was renamed, knows the
// submissions by their name. They are entered in the series, so that this is asked only as long as
// the series is empty.
std::optional<EarlierDelivery> DeliveryKeys::find_from_before_series(
    const DeliveryName& name, const Submission& submission, std::span<const unsigned char> sha256) {
  any_.bind(1, std::span<const unsigned char>(*name.series));
  const bool has_series = any_.step();
  any_.reset();
  if (has_series) return std::nullopt;
  newest_named_.bind(1, std::string_view(submission.collector))
      .bind(2, std::string_view(submission.department))
      .bind(3, std::string_view(submission.name));
  const bool is_same = newest_named_.step() && std::ranges::equal(newest_named_.blob(1), sha256);
  const std::int64_t seq = is_same ? newest_named_.integer(0) : 0;
  newest_named_.reset();
  insert_named_.bind(1, std::span<const unsigned char>(*name.series))
      .bind(2, std::string_view(submission.collector))
      .bind(3, std::string_view(submission.department))
      .bind(4, std::string_view(submission.name))
      .run();
  if (!is_same) return std::nullopt;
  insert(name.key, seq);
  return EarlierDelivery{seq, seq, true};
}

void DeliveryKeys::insert(const DeliveryName& name, std::int64_t seq) {
  insert(name.key, seq);
  if (name.series) insert(*name.series, seq);
}

void DeliveryKeys::insert(const Sha256& key, std::int64_t seq) {
  insert_.bind(1, std::span<const unsigned char>(key)).bind(2, seq).run();
}

void DeliveryKeys::close(const Sha256& key) {
  close_.bind(1, std::span<const unsigned char>(key)).run();
}

void DeliveryKeys::reset() noexcept {
  for (sqlite::Statement* one : {&newest_, &in_series_, &body_, &any_, &newest_named_}) {
    one->reset();
  }
}

}  // namespace districtd
