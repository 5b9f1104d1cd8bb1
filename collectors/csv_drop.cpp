#include "collectors/csv_drop.h"

#include <filesystem>
#include <utility>
#include <vector>

#include "base/toml_values.h"

namespace districtd {

namespace {

class CsvDrop final : public Collector {
 public:
  CsvDrop(const InboxOptions& options, const CollectorContext& context)
      : departments_(context.departments),
        inbox_(std::make_unique<Inbox>(context.io, context.sink, options, departments_,
                                       context.report)) {}

  void start() override { inbox_->start(); }

  // The inbox has a folder for each department.
  bool can_go_on(const CollectorContext& context) const override {
    return context.departments == departments_;
  }

  void stop() override { inbox_.reset(); }

 private:
  const std::vector<std::string> departments_;
  std::unique_ptr<Inbox> inbox_;
};

CollectorConfigs read(const CollectorTables& tables) {
  CollectorConfigs drops;
  std::vector<std::filesystem::path> directories;
  for (TomlTable& table : tables.root.tables(kCsvDrop.name)) {
    auto drop = std::make_shared<CsvDropConfig>();
    drop->inbox.directory = read_path(table, "directory", tables.folder, true).value_or("");
    read_size(table, "max_size", "512MiB", drop->inbox.max_bytes);
    const auto directory = std::filesystem::weakly_canonical(drop->inbox.directory / "");
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
