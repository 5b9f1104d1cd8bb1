// The daemon's own metrics as text. Each room registers and counts its own families in one
// prometheus::Registry, which the service owns; this turns them into the answer to a scrape.
// docs/metrics.md lists them all.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

namespace districtd {

// districtd_build_info{version}, always 1.
void register_build_info(prometheus::Registry& registry);

// districtd_exposition_series: `series` is how many the last exposition of targets and departments
// had.
prometheus::MetricFamily exposition_series(std::size_t series);

// The text of the registry's families that have a series, then of `at_scrape`, which others made
// for this scrape, then of the clock's and the process's.
//
// Thread: any; counting may go on meanwhile.
std::string own_metrics_text(const prometheus::Registry& registry,
                             std::vector<prometheus::MetricFamily> at_scrape);

}  // namespace districtd
