// The list of the ways in and what runs of it: a collector that is not shipped is added by its
// file, json_lines_collector.cpp, and one line below, and has everything that the shipped ones
// have.
#include <cerrno>
#include <system_error>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>
#include <boost/asio/io_context.hpp>

#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "collectors/csv_drop.h"
#include "collectors/http_pull.h"
#include "daemon/config/configuration.h"
#include "daemon/service/collectors.h"
#include "tests/unit/base/scripted_server.h"
#include "tests/unit/collectors/recording_sink.h"
#include "tests/unit/exporter/text_exposition.h"
#include "tests/unit/fixture/catalogue_text.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {

extern const CollectorKind kJsonLines;

namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::array kWithJsonLines = {
    &kHttpPush,
    &kCsvDrop,
    &kHttpPull,
    &kJsonLines,
};

constexpr std::string_view kNeeded = R"([district]
name = "金东"
[catalogue]
files = ["c.toml"]
[store]
path = "d.db"
)";

// Answers when the test says so: until then everything is in flight.
class PatientSink : public SubmissionSink {
 public:
  void submit(Submission submission, Done done) override {
    received.push_back(std::move(submission));
    waiting_.push_back(std::move(done));
  }
  void decide(const SubmissionResult& result = RecordingSink::taken()) {
    for (Done& done : std::exchange(waiting_, {})) done(result);
  }
  std::vector<Submission> received;

 private:
  std::vector<Done> waiting_;
};

class CollectorListTest : public testing::Test {
 protected:
  CollectorListTest() {
    write_file(folder_.path() / "c.toml", small_catalogue());
    fs::create_directory(lines());
  }

  fs::path lines(const std::string& name = "") { return folder_.path() / "lines" / name; }

  Result<Loaded, Findings> load(std::string_view tables,
                                std::span<const CollectorKind* const> kinds = kWithJsonLines) {
    write_file(folder_.path() / "districtd.toml", std::string{kNeeded} + std::string{tables});
    return load_configuration(folder_.path() / "districtd.toml", {}, kinds);
  }

  std::vector<std::string> findings(std::string_view tables,
                                    std::span<const CollectorKind* const> kinds = kWithJsonLines) {
    std::vector<std::string> texts;
    auto loaded = load(tables, kinds);
    if (!loaded) {
      for (const Finding& finding : loaded.error()) {
        texts.push_back(fs::path{finding.file}.filename().string() + ":" +
                        std::to_string(finding.line) + ": " + finding.message);
      }
    }
    return texts;
  }

  CollectorConfigs configs(std::string_view tables) {
    auto loaded = load(tables);
    if (!loaded) {
      ADD_FAILURE() << to_string(loaded.error().front());
      return {};
    }
    return loaded->configuration.collectors;
  }

  // As the start and each reload do.
  void adopt(std::string_view tables, std::vector<std::string> departments = {"culture-tourism"}) {
    collectors_.adopt(collectors_.prepare(configs(tables), std::move(departments)));
  }

  std::string json_lines(std::string_view directory = "lines") {
    return "[[json_lines]]\ndepartment = \"culture-tourism\"\ndirectory = \"" +
           std::string{directory} + "\"\n";
  }

  std::string http_pull(std::string_view name, const std::string& url) {
    return "[[http_pull]]\nname = \"" + std::string{name} +
           "\"\ndepartment = \"culture-tourism\"\nurl = \"" + url + "\"\n";
  }

  TextExposition metrics() {
    auto families = registry_.Collect();
    std::erase_if(families, [](const auto& family) { return family.metric.empty(); });
    return read_text_exposition(prometheus::TextSerializer().Serialize(families));
  }

  double files_taken(const std::string& directory = "lines") {
    const std::string path = (folder_.path() / directory).string();
    return metrics().value(R"(districtd_json_lines_files_total{directory=")" + path +
                           R"(",result="taken"})");
  }

  bool received(std::size_t submissions) {
    return run_until(io_, [&] { return sink_.received.size() >= submissions; });
  }
  bool appears(const fs::path& path) {
    return run_until(io_, [&] { return fs::exists(path); });
  }
  bool reported(std::string_view event) {
    return run_until(io_, [&] {
      return std::any_of(reports_.begin(), reports_.end(),
                         [&](const std::string& one) { return one.starts_with(event); });
    });
  }

  TemporaryFolder folder_;
  boost::asio::io_context io_;
  PatientSink sink_;
  prometheus::Registry registry_;
  std::vector<std::string> reports_;  // "event field=JSON ...: message"
  Collectors collectors_{{io_, sink_, registry_,
                          [this](ReportLevel, std::string_view event, std::string_view message,
                                 const std::vector<ReportField>& fields) {
                            std::string line{event};
                            for (const auto& [name, json] : fields)
                              line += " " + std::string{name} + "=" + json;
                            reports_.push_back(line + ": " + std::string{message});
                          }}};
};

TEST_F(CollectorListTest, AFurtherCollectorSubmitsWhatLiesThereAndWhatComes) {
  write_file(lines("a.jsonl"),
             "{\"target\":\"x\",\"value\":1}\n\n{\"target\":\"y\",\"value\":2}\n");
  adopt(json_lines());
  ASSERT_TRUE(received(1));
  EXPECT_EQ(sink_.received[0].department, "culture-tourism");
  EXPECT_EQ(sink_.received[0].collector, "json_lines");
  EXPECT_EQ(sink_.received[0].media_type, "application/json");
  EXPECT_EQ(sink_.received[0].name, "a.jsonl");
  EXPECT_EQ(sink_.received[0].body,
            R"({"observations":[{"target":"x","value":1},{"target":"y","value":2}]})");
  sink_.decide();
  EXPECT_TRUE(fs::exists(lines("a.jsonl.done")));

  write_file(lines("b.jsonl"), "{}\n");
  ASSERT_TRUE(received(2));
  sink_.decide();
  EXPECT_EQ(files_taken(), 2);
}

TEST_F(CollectorListTest, WhatIsWrongInItsTableIsFoundByCheck) {
  EXPECT_THAT(findings(json_lines()), testing::IsEmpty());
  EXPECT_THAT(findings("[[json_lines]]\ndepartment = \"sports\"\ndirectroy = \"lines\"\n"),
              ElementsAre("districtd.toml:7: the key 'directory' is missing in [[json_lines]]",
                          HasSubstr("districtd.toml:9: unknown key 'directroy' in [[json_lines]] "
                                    "(did you mean 'directory'?)"),
                          "districtd.toml:8: department 'sports' is not in the catalogue"));
}

TEST_F(CollectorListTest, WhatIsNotInTheListIsNoTable) {
  EXPECT_THAT(findings(json_lines(), all_collectors()),
              ElementsAre(HasSubstr("unknown key 'json_lines' in the configuration")));
}

TEST_F(CollectorListTest, AReloadThatLeavesAnEntryAsItWasLeavesWhatIsInFlight) {
  adopt(json_lines());
  write_file(lines("a.jsonl"), "{}\n");
  ASSERT_TRUE(received(1));
  adopt(json_lines());
  sink_.decide();
  EXPECT_TRUE(fs::exists(lines("a.jsonl.done"))) << "the collector of before goes on";
  write_file(lines("b.jsonl"), "{}\n");
  ASSERT_TRUE(received(2));
  EXPECT_EQ(sink_.received[1].name, "b.jsonl") << "nothing is submitted twice";
}

TEST_F(CollectorListTest, AReloadMakesAChangedEntryAnew) {
  adopt(json_lines());
  write_file(lines("a.jsonl"), "{}\n");
  ASSERT_TRUE(received(1));
  sink_.decide();
  EXPECT_EQ(files_taken(), 1);
  fs::create_directory(folder_.path() / "other");
  adopt(json_lines("other"));
  EXPECT_FALSE(metrics().families.contains("districtd_json_lines_files_total"))
      << "no series of a directory that is not watched any more";
  write_file(lines("b.jsonl"), "{}\n");
  write_file(folder_.path() / "other" / "c.jsonl", "{}\n");
  ASSERT_TRUE(received(2));
  EXPECT_EQ(sink_.received[1].name, "c.jsonl");
  sink_.decide();
  EXPECT_EQ(files_taken("other"), 1);
}

TEST_F(CollectorListTest, AnEntryThatIsGoneStopsAndTheOthersGoOn) {
  fs::create_directory(folder_.path() / "other");
  adopt(json_lines() + json_lines("other"));
  adopt(json_lines("other"));
  write_file(lines("a.jsonl"), "{}\n");
  write_file(folder_.path() / "other" / "b.jsonl", "{}\n");
  ASSERT_TRUE(received(1));
  EXPECT_EQ(sink_.received[0].name, "b.jsonl");
}

TEST_F(CollectorListTest, AStopLeavesWhatIsUndecidedForTheNextStart) {
  adopt(json_lines());
  write_file(lines("a.jsonl"), "{}\n");
  ASSERT_TRUE(received(1));
  collectors_.stop();
  sink_.decide();
  EXPECT_FALSE(fs::exists(lines("a.jsonl.done")));
  adopt(json_lines());
  ASSERT_TRUE(received(2));
  EXPECT_EQ(sink_.received[1].key, sink_.received[0].key) << "it is answered, not taken twice";
}

TEST_F(CollectorListTest, ItsReportsGoToTheOperatorsLog) {
  adopt(json_lines("nowhere"));
  EXPECT_THAT(reports_, ElementsAre(HasSubstr("json_lines_trouble directory=\"")));
}

TEST_F(CollectorListTest, TheShippedOnesAreKnownByTheNamesOfTheirTables) {
  std::vector<std::string> names;
  for (const CollectorKind* const kind : all_collectors()) names.emplace_back(kind->name);
  EXPECT_THAT(names, ElementsAre("http_push", "csv_drop", "http_pull"));
}

TEST_F(CollectorListTest, AnInboxGoesOnWhileTheDepartmentsAreAsTheyWere) {
  const std::string drop = "[[csv_drop]]\ndirectory = \"in\"\n";
  fs::create_directory(folder_.path() / "in");
  const fs::path inbox = folder_.path() / "in" / "culture-tourism";
  adopt(drop);
  ASSERT_TRUE(appears(inbox));
  write_file(inbox / "a.csv", "figures");
  ASSERT_TRUE(received(1));
  adopt(drop);
  sink_.decide();
  EXPECT_TRUE(appears(inbox / "accepted" / "a.csv.receipt.json"));
  EXPECT_EQ(sink_.received.size(), 1U);

  adopt(drop, {"culture-tourism", "sports"});
  EXPECT_TRUE(appears(folder_.path() / "in" / "sports"));
}

TEST_F(CollectorListTest, APullSaysInMetricsAndLogWhatBecameOfIt) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(500, "")}; });
  adopt(http_pull("portal", server.url()));
  ASSERT_TRUE(reported("pull_failed"));
  EXPECT_THAT(reports_.front(),
              HasSubstr(R"(pull_failed source="portal" reason="status": )" + server.url()));
  EXPECT_EQ(metrics().value(R"(districtd_pull_success{name="portal"})"), 0);
  EXPECT_EQ(metrics().value(R"(districtd_pull_failures_total{name="portal",reason="status"})"), 1);
}

TEST_F(CollectorListTest, ASourceKeepsItsSeriesAsLongAsItsNameIsPulled) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(500, "")}; });
  const std::string failures = R"(districtd_pull_failures_total{name="portal",reason="status"})";
  adopt(http_pull("portal", server.url("/old")));
  ASSERT_TRUE(reported("pull_failed"));
  reports_.clear();
  adopt(http_pull("portal", server.url("/new")));
  ASSERT_TRUE(reported("pull_failed"));
  EXPECT_EQ(metrics().value(failures), 2);
  adopt("");
  EXPECT_FALSE(metrics().has(failures));
  EXPECT_FALSE(metrics().has(R"(districtd_pull_success{name="portal"})"));
}

TEST_F(CollectorListTest, AReloadHasARefusedPageSubmittedAgain) {
  const ScriptedServer server(
      [](const ScriptedRequest&) { return ScriptedAnswer{http_answer(200, "figures")}; });
  const std::string pull = http_pull("portal", server.url()) + "every = \"1s\"\n";
  adopt(pull);
  ASSERT_TRUE(received(1));
  sink_.decide(RecordingSink::refused());
  adopt(pull);
  EXPECT_TRUE(received(2));
  EXPECT_EQ(sink_.received[1].key, sink_.received[0].key);
}

// An entry for which nothing can be made: the last thread or descriptor is gone.
struct Unmakeable final : CollectorConfig {
  const CollectorKind& kind() const override { return kJsonLines; }
  std::string name() const override { return "unmakeable"; }
  bool is_same(const CollectorConfig&) const override { return false; }
  std::unique_ptr<Collector> make(const CollectorContext&) const override {
    throw std::system_error(EAGAIN, std::generic_category(), "no thread is left");
  }
};

TEST_F(CollectorListTest, WhereOneCannotBeMadeEveryOtherGoesOnAsItWas) {
  adopt(json_lines());
  CollectorConfigs next = configs("[[csv_drop]]\ndirectory = \"in\"\n");
  next.push_back(std::make_shared<Unmakeable>());
  EXPECT_THROW(
      {
        const CollectorsToRun prepared = collectors_.prepare(next, {"culture-tourism", "sports"});
        static_cast<void>(prepared);
      },
      std::system_error);
  write_file(lines("a.jsonl"), "{\"target\":\"x\",\"value\":1}\n");
  EXPECT_TRUE(received(1)) << "the one that ran was stopped";
  EXPECT_FALSE(fs::exists(folder_.path() / "in")) << "a new one was started";
}

TEST_F(CollectorListTest, TokensAreReadAndNothingRunsForThem) {
  const auto all = configs("[[token]]\ndepartment = \"culture-tourism\"\nsha256 = \"" +
                           std::string(64, 'a') + "\"\n");
  const auto push = entries_of<HttpPushConfig>(all);
  ASSERT_EQ(push.size(), 1U);
  EXPECT_EQ(push[0]->tokens.at(0).department, "culture-tourism");
  collectors_.adopt(collectors_.prepare(all, {"culture-tourism"}));
  collectors_.adopt(collectors_.prepare(all, {"culture-tourism"}));
  collectors_.stop();
  EXPECT_TRUE(sink_.received.empty());
}

}  // namespace
}  // namespace districtd
