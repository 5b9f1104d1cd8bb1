// csv_drop: files that departments put into their folder of an inbox, [[csv_drop]] of the
// configuration. docs/configuration.md describes the keys.
#pragma once

#include <memory>
#include <string>

#include "collectors/collector.h"
#include "collectors/inbox/inbox.h"

namespace districtd {

extern const CollectorKind kCsvDrop;

struct CsvDropConfig final : CollectorConfig {
  InboxOptions inbox;

  const CollectorKind& kind() const override { return kCsvDrop; }
  std::string name() const override { return inbox.directory.string(); }
  bool is_same(const CollectorConfig& other) const override;
  std::unique_ptr<Collector> make(const CollectorContext& context) const override;
};

}  // namespace districtd
