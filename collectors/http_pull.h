// http_pull: pages that departments publish their figures on, [[http_pull]] of the configuration.
// docs/configuration.md describes the keys.
#pragma once

#include <memory>
#include <string>

#include "collectors/collector.h"
#include "collectors/pull/pull_loop.h"

namespace districtd {

extern const CollectorKind kHttpPull;

struct HttpPullConfig final : CollectorConfig {
  PullSource source;

  const CollectorKind& kind() const override { return kHttpPull; }
  std::string name() const override { return source.name; }
  bool is_same(const CollectorConfig& other) const override;
  std::unique_ptr<Collector> make(const CollectorContext& context) const override;
};

}  // namespace districtd
