// The daemon's configuration, config/districtd.toml. docs/configuration.md describes every key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/findings.h"
#include "base/result.h"
#include "collectors/all.h"
#include "collectors/http_push.h"
#include "daemon/config/alerting.h"
#include "daemon/config/bulletin_config.h"
#include "daemon/config/catalogue_file.h"
#include "daemon/config/http_config.h"
#include "daemon/domain/plausibility.h"
#include "daemon/intake/columns.h"
#include "daemon/log/logging.h"

namespace districtd {

struct Configuration {
  std::string district_name;
  std::string time_zone = "Asia/Shanghai";
  std::vector<std::filesystem::path> catalogue_files;
  std::vector<std::filesystem::path> holiday_files;
  std::filesystem::path store_path;
  std::uint64_t refusals_per_day = 8u << 20;  // [store] refusals_per_day, bytes of a department
  std::optional<std::chrono::seconds> keep_receipts;  // [store] keep_receipts; empty: for ever
  std::optional<Date> clock_correct_on;               // [clock] correct_on
  HttpConfig http;
  bool shows_months = true;  // [metrics] months
  LogConfig log;
  std::vector<PushToken> tokens;  // of http_push
  CollectorConfigs collectors;    // of every kind, in the order of the list
  std::optional<Alerting> alerting;
  std::vector<Contact> contacts;  // one for each department where [alerting] is there
  BulletinConfig bulletins;
  std::vector<ColumnMapping> mappings;  // [[intake.mapping]]
  Oddities hold = 0;                    // [intake] hold
  Oddities explain = 0;                 // [intake] explain
};

// The configuration and the catalogue that it names.
struct Loaded {
  Configuration configuration;
  LoadedCatalogue catalogue;
};

// Reads the file and all that it names, or says everything that is wrong with them. Paths are
// relative to the file that names them; "${CREDENTIALS_DIRECTORY}" at a path's beginning is
// systemd's (systemd.exec(5), LoadCredential).
//
// `before_catalogue` is called, where the file itself is good, before the catalogue is read: a
// province's takes a second, in which the caller may have something else begun. `collectors` are
// the ways in whose tables the file may have.
Result<Loaded, Findings> load_configuration(
    const std::filesystem::path& file,
    const std::function<void(const Configuration&)>& before_catalogue = {},
    std::span<const CollectorKind* const> collectors = all_collectors());

// Of the file only [store] path, whatever else is right or wrong in it.
Result<std::filesystem::path, Findings> read_store_path(const std::filesystem::path& file);

}  // namespace districtd
