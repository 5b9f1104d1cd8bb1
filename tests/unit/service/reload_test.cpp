#include "daemon/service/reload.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <boost/asio/executor_work_guard.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/exporter/own_metrics.h"
#include "tests/unit/exporter/text_exposition.h"
#include "tests/unit/fixture/catalogue_text.h"
#include "tests/unit/service/service_folder.h"

namespace districtd {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> keys(const Findings& findings) {
  std::vector<std::string> result;
  for (const Finding& finding : findings) {
    result.push_back(finding.message.substr(0, finding.message.find(" cannot change in a reload")));
  }
  return result;
}

TEST(WhatNeedsARestartTest, IsNothingWhereTheSameIsSaid) {
  Configuration before;
  before.store_path = "d.db";
  before.http.tls.emplace();
  EXPECT_THAT(what_needs_a_restart("d.toml", before, before), IsEmpty());
}

TEST(WhatNeedsARestartTest, IsWhatIsBoundOrOpenedOnce) {
  Configuration before;
  Configuration next;
  next.time_zone = "Asia/Urumqi";
  next.store_path = "other.db";
  next.http.listen = {"127.0.0.1:1"};
  next.http.bulletin_listen = {"127.0.0.1:2"};
  const Findings findings = what_needs_a_restart("d.toml", before, next);
  EXPECT_THAT(keys(findings), ElementsAre("[district] time_zone", "[store] path", "[http] listen",
                                          "[http.bulletins] listen"));
  EXPECT_EQ(to_string(findings.at(1)),
            "d.toml: [store] path cannot change in a reload; restart districtd, or put the old "
            "value back");
}

TEST(WhatNeedsARestartTest, OfTlsItIsWhetherAndWhereAndWhatIsServed) {
  Configuration without;
  Configuration with;
  with.http.tls.emplace();
  EXPECT_THAT(keys(what_needs_a_restart("", without, with)),
              ElementsAre("whether there is [http.tls]"));
  EXPECT_THAT(keys(what_needs_a_restart("", with, without)),
              ElementsAre("whether there is [http.tls]"));
  Configuration elsewhere = with;
  elsewhere.http.tls->listen = {"0.0.0.0:9443"};
  EXPECT_THAT(keys(what_needs_a_restart("", with, elsewhere)), ElementsAre("[http.tls] listen"));
  Configuration everything = with;
  everything.http.tls->serves_all = true;
  EXPECT_THAT(keys(what_needs_a_restart("", with, everything)), ElementsAre("[http.tls] serves"));
}

TEST(WhatNeedsARestartTest, IsNotWhatAReloadAdopts) {
  Configuration before;
  Configuration next;
  next.district_name = "other";
  next.shows_months = false;
  next.hold = 1;
  next.http.max_connections = 3;
  next.http.pushes_per_minute = 4;
  next.http.hosts = {"a.example"};
  next.http.metrics.password_sha256 = "5";
  next.log.level = "debug";
  EXPECT_THAT(what_needs_a_restart("", before, next), IsEmpty());
}

class ReloadTest : public ServiceFolder {
 protected:
  ReloadTest() {
    write("c.toml", small_catalogue());
    configure("");
    auto loaded = load_configuration(folder_ / "districtd.toml");
    in_force_ = loaded->configuration;
  }
  ~ReloadTest() override { workers_.join(); }

  // The log stays the test's.
  void configure(std::string_view more, std::string_view store = "d.db") const {
    write("districtd.toml", "[district]\nname = \"金东\"\n[catalogue]\nfiles = [\"c.toml\"]\n" +
                                std::string{"[store]\npath = \""} + std::string{store} +
                                "\"\n[log]\nsink = \"file\"\npath = \"test.log\"\n" +
                                std::string{more});
  }

  Findings reload() {
    std::optional<Findings> refused;
    reload_.begin([&](const Findings& findings) { refused = findings; });
    while (!refused) io_.run_one();
    return *refused;
  }

  double is_successful() const {
    return read_text_exposition(own_metrics_text(registry_, {}))
        .value("districtd_config_last_reload_successful");
  }

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays_open_{
      io_.get_executor()};
  boost::asio::thread_pool workers_{1};
  prometheus::Registry registry_;
  ServiceMetrics metrics_{registry_};
  Configuration in_force_;
  int adopted_ = 0;
  std::string cannot_be_made_;  // why nothing can be prepared
  Reload reload_{io_,
                 workers_,
                 folder_ / "districtd.toml",
                 in_force_,
                 metrics_,
                 [this](const CheckedConfiguration& next) -> Reload::PutInForce {
                   if (!cannot_be_made_.empty()) throw std::runtime_error(cannot_be_made_);
                   return [this, configuration = next.loaded.configuration] {
                     ++adopted_;
                     in_force_ = configuration;
                   };
                 }};
};

TEST_F(ReloadTest, AGoodConfigurationIsAdopted) {
  configure("[metrics]\nmonths = false\n");
  EXPECT_THAT(reload(), IsEmpty());
  EXPECT_EQ(adopted_, 1);
  EXPECT_FALSE(in_force_.shows_months);
  EXPECT_EQ(is_successful(), 1);
}

TEST_F(ReloadTest, OneWithFindingsChangesNothing) {
  configure("[metrics]\nmonts = false\n");
  const Findings refused = reload();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_THAT(to_string(refused.front()), HasSubstr("districtd.toml:11:1"));
  EXPECT_EQ(adopted_, 0);
  EXPECT_EQ(is_successful(), 0);
  EXPECT_THAT(log(), HasSubstr("\"event\":\"reload_refused\""));
  EXPECT_THAT(log(), HasSubstr("\"line\":11"));
}

TEST_F(ReloadTest, OneThatCannotBeMadeReadyChangesNothingNotEvenTheLog) {
  configure("[metrics]\nmonths = false\n");
  cannot_be_made_ = "no thread is left";
  write("districtd.toml", [&] {
    std::ifstream file(folder_ / "districtd.toml");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.replace(text.find("test.log"), 8, "else.log");
  }());
  const Findings refused = reload();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_THAT(to_string(refused.front()), HasSubstr("no thread is left"));
  EXPECT_EQ(adopted_, 0);
  EXPECT_EQ(is_successful(), 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "else.log"));
}

TEST_F(ReloadTest, OneThatNeedsARestartChangesNothing) {
  configure("[metrics]\nmonths = false\n", "other.db");
  EXPECT_THAT(keys(reload()), ElementsAre("[store] path"));
  EXPECT_EQ(adopted_, 0);
  EXPECT_TRUE(in_force_.shows_months);
  EXPECT_EQ(is_successful(), 0);
}

TEST_F(ReloadTest, ALogThatCannotBeOpenedChangesNothing) {
  write("districtd.toml",
        "[district]\nname = \"金东\"\n[catalogue]\nfiles = [\"c.toml\"]\n[store]\npath = "
        "\"d.db\"\n[log]\nsink = \"file\"\npath = \"c.toml/no-folder/d.log\"\n");
  const Findings refused = reload();
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_THAT(refused.front().message, HasSubstr("[log]"));
  EXPECT_EQ(adopted_, 0);
}

TEST_F(ReloadTest, EachIsComparedWithWhatTheOneBeforePutInForce) {
  configure("[metrics]\nmonths = false\n");
  reload();
  in_force_.store_path = folder_ / "other.db";
  configure("", "other.db");
  EXPECT_THAT(reload(), IsEmpty());
  EXPECT_EQ(adopted_, 2);
}

TEST(ReloadAnswerTest, SaysWhatBecameOfIt) {
  const HttpAnswer good = reload_answer({}, 42);
  EXPECT_EQ(good.status, 200U);
  EXPECT_EQ(good.body, "{\"reloaded\":true,\"targets\":42}\n");
  const HttpAnswer refused =
      reload_answer({{"a.toml", 1, 2, "first"}, {"b.toml", 0, 0, "second"}}, 42);
  EXPECT_EQ(refused.status, 422U);
  EXPECT_THAT(refused.body, HasSubstr("\"code\":\"reload_refused\""));
  EXPECT_THAT(refused.body, HasSubstr("the old configuration stays in force: a.toml:1:2: first; "
                                      "b.toml: second"));
}

}  // namespace
}  // namespace districtd
