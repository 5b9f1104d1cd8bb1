#include "collectors/csv_drop.h"

#include <chrono>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "base/toml_values.h"

namespace districtd {

namespace {

constexpr std::chrono::minutes kLongestQuiet{10};

class CsvDrop final : public Collector {
 public:
  CsvDrop(const InboxOptions& options, const CollectorContext& context)
      : departments_(context.departments),
        inbox_(context.io, context.sink, context.registry, options, departments_, context.report) {}

  void start() override { inbox_.start(); }

  // The inbox has a folder for each department.
  bool can_go_on(const CollectorContext& context) const override {
    return context.departments == departments_;
  }

  void stop() override { inbox_.stop(); }
  bool is_at_work() const override { return inbox_.is_at_work(); }
  void forget_series() override { inbox_.forget_series(); }

 private:
  const std::vector<std::string> departments_;
  Inbox inbox_;
};

void read_quiet(TomlTable& table, std::chrono::milliseconds& quiet) {
  if (table.text("quiet") == "0s") {
    quiet = std::chrono::milliseconds{0};
    return;
  }
  auto seconds = std::chrono::duration_cast<std::chrono::seconds>(quiet);
  read_duration(table, "quiet", seconds);
  if (seconds > kLongestQuiet) {
    table.add_finding("quiet", "'quiet' is longer than 10m: files would wait all that time");
  }
  quiet = seconds;
}

CollectorConfigs read(const CollectorTables& tables) {
  CollectorConfigs drops;
  std::vector<std::filesystem::path> directories;
  for (TomlTable& table : tables.root.tables(kCsvDrop.name)) {
    auto drop = std::make_shared<CsvDropConfig>();
    drop->inbox.directory = read_path(table, "directory", tables.folder, true).value_or("");
    read_size(table, "max_size", "512MiB", drop->inbox.max_bytes);
    read_quiet(table, drop->inbox.quiet);
    std::error_code unknown;
    auto directory = std::filesystem::weakly_canonical(drop->inbox.directory / "", unknown);
    if (unknown) directory = drop->inbox.directory / "";
    for (const std::filesystem::path& other : directories) {
      if (other == directory) {
        table.add_finding("directory", "two [[csv_drop]] have this directory; one is enough");
      }
    }
    directories.push_back(directory);
    table.finish();
    drops.push_back(std::move(drop));
  }
  return drops;
}

}  // namespace

constinit const CollectorKind kCsvDrop = {"csv_drop", "inboxes", read};

bool CsvDropConfig::is_same(const CollectorConfig& other) const {
  const auto* const drop = dynamic_cast<const CsvDropConfig*>(&other);
  return drop != nullptr && drop->inbox == inbox;
}

std::unique_ptr<Collector> CsvDropConfig::make(const CollectorContext& context) const {
  return std::make_unique<CsvDrop>(inbox, context);
}

}  // namespace districtd
