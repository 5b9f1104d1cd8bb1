// What Prometheus' own linter says of everything that /metrics shows.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "collectors/pull/pull_metrics.h"
#include "daemon/api/request_metrics.h"
#include "daemon/delivery/bulletin_metrics.h"
#include "daemon/exporter/exposition.h"
#include "daemon/exporter/own_metrics.h"
#include "daemon/pipeline/submission_metrics.h"
#include "daemon/service/service_metrics.h"
#include "daemon/store/store_metrics.h"
#include "tests/unit/fixture/boards.h"

namespace districtd {
namespace {

// Below the ignored folder of unpacked servers, or where the shell would find it; "" where nowhere.
std::string promtool() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(DISTRICTD_PEERS "/usr/bin:") + (path ? path : ""));
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string tool = folder + "/promtool";
    if (std::filesystem::exists(tool)) return tool;
  }
  return {};
}

// A series of every family that the rooms register.
void count_everything(prometheus::Registry& registry) {
  register_build_info(registry);
  SubmissionResult result;
  result.outcome = Outcome::taken;
  result.receipt.errors = {{2, "target", "x", "unknown_target", ""}};
  result.receipt.flags = {{3, "value", "1", "decrease", ""}};
  SubmissionMetrics(registry).count("http_push", "culture-tourism", result);
  HttpServed served;
  served.pattern = "/metrics";
  served.status = 200;
  served.took = std::chrono::milliseconds(1);
  RequestMetrics(registry).observe(served);
  PullMetrics pulls(registry);
  pulls.observe("portal", "", std::chrono::milliseconds(1));
  pulls.observe("portal", "timeout", std::chrono::milliseconds(1));
  BulletinMetrics bulletins(registry);
  bulletins.count_bulletin("monthly", "made");
  bulletins.count_delivery("monthly", "email", "sent");
  bulletins.set_bulletin_success("monthly", Time(std::chrono::seconds(1'782'777'600)));
  bulletins.set_bulletin_failing("monthly", "making", false);
  ServiceMetrics service(registry);
  service.set_ready(true);
  service.set_reload(true);
  service.set_escalate_after(std::chrono::days{7});
}

std::vector<prometheus::MetricFamily> at_scrape(std::size_t series) {
  StoreStatistics store;
  store.available_bytes = 1 << 20;
  store.filesystem_bytes = 4 << 20;
  store.waiting = {{"a", 3, Time(std::chrono::seconds(1'782'777'600))}};
  auto families = store_metrics(store);
  families.push_back(exposition_series(series));
  return families;
}

TEST(PromtoolTest, FindsNothingToSayOfTheMetrics) {
  const std::string tool = promtool();
  if (tool.empty()) GTEST_SKIP() << "promtool is not there";

  Board board = board_without_data(catalogue_of({investment(), air_quality(), pledge()}),
                                   date_of(2026, 7, 8));
  board.record(0, {date_of(2026, 6, 30), 12.6e8});
  board.record(1, {date_of(2026, 6, 30), 0.932});
  Exposition exposition(board);
  prometheus::Registry registry;
  count_everything(registry);

  // NOLINTNEXTLINE(cert-env33-c): the command is the test's own.
  std::FILE* pipe = popen((tool + " check metrics 2>&1").c_str(), "w");
  ASSERT_NE(pipe, nullptr);
  for (const auto& piece : exposition.render()) {
    std::fwrite(piece->data(), 1, piece->size(), pipe);
  }
  const std::string own = own_metrics_text(registry, at_scrape(exposition.series()));
  std::fwrite(own.data(), 1, own.size(), pipe);
  EXPECT_EQ(pclose(pipe), 0) << "promtool's findings stand above";
}

}  // namespace
}  // namespace districtd
