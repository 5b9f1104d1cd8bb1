#include "collectors/inbox/inbox_metrics.h"

#include <utility>

#include "base/metric_family.h"
#include "base/ports/clock.h"

namespace districtd {

namespace {

using prometheus::Family;
using prometheus::Gauge;

}  // namespace

InboxMetrics::InboxMetrics(prometheus::Registry& registry, std::string directory)
    : last_round_(
          prometheus::BuildGauge()
              .Name("districtd_inbox_last_round_timestamp_seconds")
              .Help("When every folder of the inbox was last listed, in seconds since the epoch.")
              .Register(registry)),
      step_began_(prometheus::BuildGauge()
                      .Name("districtd_inbox_step_began_timestamp_seconds")
                      .Help("When the inbox began what its file system is at now, in seconds since "
                            "the epoch; absent where it waits for nothing.")
                      .Register(registry)),
      troubles_(prometheus::BuildGauge()
                    .Name("districtd_inbox_troubles")
                    .Help("Folders and files of the inbox that something is wrong with.")
                    .Register(registry)),
      labels_{{"directory", std::move(directory)}} {}

void InboxMetrics::step_began() { step_began_.Add(labels_).Set(seconds_since_1970(now())); }

void InboxMetrics::step_ended() {
  if (step_began_.Has(labels_)) step_began_.Remove(&step_began_.Add(labels_));
}

void InboxMetrics::round_ended() { last_round_.Add(labels_).Set(seconds_since_1970(now())); }

void InboxMetrics::set_troubles(std::size_t count) {
  troubles_.Add(labels_).Set(static_cast<double>(count));
}

void InboxMetrics::forget() {
  for (Family<Gauge>* family : {&last_round_, &step_began_, &troubles_}) {
    if (family->Has(labels_)) family->Remove(&family->Add(labels_));
  }
}

}  // namespace districtd
