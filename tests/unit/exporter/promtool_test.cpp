// What Prometheus' own linter says of everything that /metrics shows.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "daemon/exporter/daemon_metrics.h"
#include "daemon/exporter/exposition.h"
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

TEST(PromtoolTest, FindsNothingToSayOfTheMetrics) {
  const std::string tool = promtool();
  if (tool.empty()) GTEST_SKIP() << "promtool is not there";

  Board board = board_without_data(catalogue_of({investment(), air_quality(), pledge()}),
                                   date_of(2026, 7, 8));
  board.record(0, {date_of(2026, 6, 30), 12.6e8});
  board.record(1, {date_of(2026, 6, 30), 0.932});
  Exposition exposition(board);
  DaemonMetrics metrics;
  SubmissionResult result;
  result.outcome = Outcome::taken;
  metrics.count("http_push", "culture-tourism", result);
  metrics.observe_request("/metrics", 200, std::chrono::milliseconds(1));
  metrics.observe_pull("portal", "", std::chrono::milliseconds(1));
  metrics.observe_pull("portal", "timeout", std::chrono::milliseconds(1));
  metrics.set_reload(true);

  // NOLINTNEXTLINE(cert-env33-c): the command is the test's own.
  std::FILE* pipe = popen((tool + " check metrics 2>&1").c_str(), "w");
  ASSERT_NE(pipe, nullptr);
  for (const auto& piece : exposition.render()) {
    std::fwrite(piece->data(), 1, piece->size(), pipe);
  }
  const std::string own = metrics.serialise({}, exposition.series());
  std::fwrite(own.data(), 1, own.size(), pipe);
  EXPECT_EQ(pclose(pipe), 0) << "promtool's findings stand above";
}

}  // namespace
}  // namespace districtd
