// Deliveries to a robot on this machine. That nothing is sent twice across crashes and lost answers
// is tested on the whole daemon, in tests/integration/test_bulletins.py.
#include "daemon/delivery/courier.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>

#include <prometheus/registry.h>

#include "daemon/log/logging.h"
#include "tests/unit/base/scripted_server.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {
namespace {

using ::testing::HasSubstr;

const Time kWhen{std::chrono::sys_days{std::chrono::year{2026} / 7 / 8}};

class CourierTest : public ::testing::Test {
 protected:
  CourierTest()
      : robot_([](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "{}")}; }) {
    LogConfig aside;
    aside.sink = LogSink::file;
    aside.path = folder_.path() / "districtd.log";
    configure_logging(aside);
    BulletinConfig config;
    config.retry_after = std::chrono::seconds{0};
    config.attempts = 1'000'000;
    Webhook webhook;
    webhook.name = "robot";
    webhook.url = robot_.url("/robot");
    config.webhooks = {webhook};
    courier_.adopt(std::make_shared<const BulletinConfig>(config));
    OccasionRecord occasion;
    occasion.name = "weekly";
    occasion.due_at = occasion.made_at = kWhen;
    occasion.outcome = OccasionOutcome::made;
    occasion.id = "weekly-2026-07-08";
    occasion.title = "督查周报";
    occasion.summary = "{}";
    keep(store_, {{occasion}, {}});
  }
  ~CourierTest() override { configure_logging({}); }

  static DeliveryRecord delivery(int copy, DeliveryState state = DeliveryState::pending) {
    return {"weekly-2026-07-08", DeliveryChannel::webhook, "robot", copy, state, 0, kWhen, ""};
  }
  void record_and_enqueue(int copy) {
    keep(store_, {{}, {delivery(copy)}});
    courier_.enqueue({delivery(copy)});
  }
  void show_store() { std::filesystem::create_symlink(path_, link_); }
  void hide_store() { std::filesystem::remove(link_); }

  // The record of a copy, once `holds` is true of it.
  template <typename Holds>
  DeliveryRecord await(int copy, Holds holds) {
    const StoreReader reader{path_};
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (std::chrono::steady_clock::now() < deadline) {
      for (DeliveryRecord& one : reader.bulletin_deliveries("weekly-2026-07-08")) {
        if (one.copy == copy && holds(one)) return std::move(one);
      }
      std::this_thread::yield();
    }
    ADD_FAILURE() << "copy " << copy << " has not come so far within a minute";
    return {};
  }
  DeliveryRecord await(int copy, DeliveryState state) {
    return await(copy, [&](const DeliveryRecord& one) { return one.state == state; });
  }

  TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "districtd.db";
  // Where the courier looks for the store: opening it anew fails while the link is not there.
  const std::filesystem::path link_ = folder_.path() / "link.db";
  ScriptedServer robot_;
  Store store_{path_};
  prometheus::Registry registry_;
  BulletinMetrics metrics_{registry_};
  Courier courier_{store_, link_, metrics_, DistrictClock("Asia/Shanghai", [] { return kWhen; })};
};

TEST_F(CourierTest, EveryStepIsReadByTheReaderThatIsOpen) {
  show_store();
  courier_.start();
  record_and_enqueue(1);
  await(1, DeliveryState::sent);
  hide_store();
  record_and_enqueue(2);
  const DeliveryRecord second = await(2, DeliveryState::sent);
  EXPECT_EQ(second.attempts, 1);
  EXPECT_EQ(robot_.requests().size(), 2u);
}

TEST_F(CourierTest, AStoreThatCannotBeReadIsOpenedAgainAtTheNextAttempt) {
  courier_.start();
  record_and_enqueue(1);
  const DeliveryRecord waiting = await(1, [](const DeliveryRecord& one) {
    return one.state == DeliveryState::pending && one.attempts >= 2;
  });
  EXPECT_THAT(waiting.detail, HasSubstr("does not exist"));
  EXPECT_TRUE(robot_.requests().empty());
  show_store();
  EXPECT_GT(await(1, DeliveryState::sent).attempts, 2);
  EXPECT_EQ(robot_.requests().size(), 1u);
}

TEST_F(CourierTest, AtTheStartWhatWasPendingIsSentAndWhatWasUnderWayIsUncertain) {
  show_store();
  keep(store_, {{}, {delivery(1, DeliveryState::sending), delivery(2), delivery(3)}});
  courier_.start();
  EXPECT_THAT(await(1, DeliveryState::uncertain).detail, HasSubstr("districtd ended"));
  await(2, DeliveryState::sent);
  await(3, DeliveryState::sent);
  EXPECT_EQ(robot_.requests().size(), 2u);
}

}  // namespace
}  // namespace districtd
