// A whole collector as one file: a directory of JSON lines files, one observation a line.
//
//   [[json_lines]]
//   department = "culture-tourism"
//   directory = "lines"
//
// Each NAME.jsonl that is closed after writing or moved in becomes one submission; then it is
// called NAME.jsonl.done.
#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <boost/asio/posix/stream_descriptor.hpp>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

#include "base/digest.h"
#include "base/json_writer.h"
#include "base/toml_values.h"
#include "collectors/collector.h"

namespace districtd {

extern const CollectorKind kJsonLines;

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;

// {"observations":[..]} of a text with one object a line.
std::string observations_of(std::istream& lines) {
  std::string body;
  JsonWriter json(body);
  json.begin_object().key("observations").begin_array();
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty()) json.literal(line);
  }
  json.end_array().end_object();
  return body;
}

class JsonLines final : public Collector {
 public:
  JsonLines(std::string department, fs::path directory, const CollectorContext& context)
      : department_(std::move(department)),
        directory_(std::move(directory)),
        sink_(context.sink),
        report_(context.report),
        files_(prometheus::BuildCounter()
                   .Name("districtd_json_lines_files_total")
                   .Help("Files of JSON lines that were submitted, by what became of them.")
                   .Register(context.registry)),
        inotify_(context.io) {}

  void start() override {
    inotify_.assign(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (::inotify_add_watch(inotify_.native_handle(), directory_.c_str(),
                            IN_CLOSE_WRITE | IN_MOVED_TO) < 0) {
      report_(ReportLevel::error, "json_lines_trouble",
              "the directory " + directory_.string() + " cannot be watched",
              {{"directory", json_text(directory_.string())}});
      return;
    }
    submit_files();
    watch();
  }

  bool can_go_on(const CollectorContext& /*context*/) const override { return true; }

  void stop() override {
    inotify_.close();
    alive_.reset();
  }

  void forget_series() override {
    for (const std::string& result : results_) files_.Remove(&files_.Add(labels(result)));
  }

 private:
  void watch() {
    inotify_.async_wait(
        asio::posix::stream_descriptor::wait_read,
        [this, alive = std::weak_ptr(alive_)](const boost::system::error_code& error) {
          if (error || alive.expired()) return;
          std::array<char, 4096> events;
          while (::read(inotify_.native_handle(), events.data(), events.size()) > 0) {
          }
          submit_files();
          watch();
        });
  }

  void submit_files() {
    for (const auto& entry : fs::directory_iterator(directory_)) {
      if (entry.path().extension() == ".jsonl" && in_flight_.insert(entry.path()).second) {
        submit(entry.path());
      }
    }
  }

  void submit(const fs::path& file) {
    std::ifstream lines(file);
    const std::string name = file.filename().string();
    std::string body = observations_of(lines);
    std::string key = name + ' ' + sha256_hex(body);
    sink_.submit({department_, std::string(kJsonLines.name), "application/json", name,
                  std::move(body), std::move(key)},
                 [this, file, alive = std::weak_ptr(alive_)](const SubmissionResult& result) {
                   if (!alive.expired()) decided(file, result);
                 });
  }

  void decided(const fs::path& file, const SubmissionResult& result) {
    in_flight_.erase(file);
    const std::string word(to_string(result.outcome));
    results_.insert(word);
    files_.Add(labels(word)).Increment();
    if (result.outcome != Outcome::unavailable) fs::rename(file, file.string() + ".done");
  }

  prometheus::Labels labels(const std::string& result) const {
    return {{"directory", directory_.string()}, {"result", result}};
  }

  const std::string department_;
  const fs::path directory_;
  SubmissionSink& sink_;
  const CollectorReport report_;
  prometheus::Family<prometheus::Counter>& files_;
  asio::posix::stream_descriptor inotify_;
  std::set<fs::path> in_flight_;
  std::set<std::string> results_;                         // with a series
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // held weakly by what comes back late
};

struct JsonLinesConfig final : CollectorConfig {
  std::string department;
  fs::path directory;

  const CollectorKind& kind() const override { return kJsonLines; }
  std::string name() const override { return directory.string(); }
  bool is_same(const CollectorConfig& other) const override {
    const auto* const lines = dynamic_cast<const JsonLinesConfig*>(&other);
    return lines != nullptr && lines->department == department && lines->directory == directory;
  }
  std::unique_ptr<Collector> make(const CollectorContext& context) const override {
    return std::make_unique<JsonLines>(department, directory, context);
  }
};

CollectorConfigs read(const CollectorTables& tables) {
  CollectorConfigs configs;
  for (TomlTable& table : tables.root.tables(kJsonLines.name)) {
    auto config = std::make_shared<JsonLinesConfig>();
    config->department = tables.department(table);
    config->directory = read_path(table, "directory", tables.folder, true).value_or("");
    table.finish();
    configs.push_back(std::move(config));
  }
  return configs;
}

}  // namespace

constinit const CollectorKind kJsonLines = {"json_lines", "directories of JSON lines", read};

}  // namespace districtd
