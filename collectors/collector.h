// A collector: one way in, as one file behind this interface.
//
// To add one: write collectors/NAME.cpp with a CollectorKind, enter the kind in collectors/all.cpp,
// and describe its table in docs/configuration.md. `check`, the start, reloads, the stop, /metrics
// and the log then know it. tests/unit/collectors/json_lines_collector.cpp is a whole one.
//
// A collector obtains bytes and hands them to the SubmissionSink. It knows nothing of daemon/.
//
// Thread: all of this is called on the event loop's, except CollectorKind::read, which may run on
// any thread.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <boost/asio/io_context.hpp>

#include "base/findings.h"
#include "collectors/submission.h"

namespace prometheus {
class Registry;
}

namespace districtd {

class TomlTable;

enum class ReportLevel { info, warn, error };

// One record for the operator's log: `event` is stable [a-z_]+, the message a sentence. The fields
// are names with JSON literals (base/json_writer.h).
using ReportField = std::pair<std::string_view, std::string>;
using CollectorReport =
    std::function<void(ReportLevel level, std::string_view event, std::string_view message,
                       const std::vector<ReportField>& fields)>;

// What a running collector works with. The references outlive every collector.
struct CollectorContext {
  boost::asio::io_context& io;
  SubmissionSink& sink;
  prometheus::Registry& registry;  // where a collector registers metrics of its own
  CollectorReport report;
  std::vector<std::string> departments = {};  // ids, in the order of the catalogue
};

// What runs for one entry of the configuration. Its destructor stops it.
class Collector {
 public:
  Collector() = default;
  virtual ~Collector() = default;
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // Called once.
  virtual void start() = 0;

  // The configuration and the catalogue are to be loaded anew, and this collector's entry is as it
  // was. True: it can go on, and what is in flight keeps its receipt. False: what it was made with
  // changes; it is stopped and another one is made. Changes nothing: the reload may yet be refused.
  [[nodiscard]] virtual bool can_go_on(const CollectorContext& context) const = 0;

  // They were loaded, and it goes on.
  virtual void reloaded() {}

  // Nothing is submitted after this, and it waits for nothing. What was submitted and is not
  // decided yet must survive it: it is taken up again by the next start.
  virtual void stop() = 0;

  // After stop(): whether something goes on that is better brought to its end, such as a file that
  // is being put away. The end of the daemon waits for it a few seconds.
  virtual bool is_at_work() const { return false; }

  // Called after stop(), where no entry of its kind has its name any more: its series leave
  // /metrics.
  virtual void forget_series() {}
};

struct CollectorKind;

// One entry of the configuration, read and without findings.
class CollectorConfig {
 public:
  virtual ~CollectorConfig() = default;

  virtual const CollectorKind& kind() const = 0;

  // Tells this entry from the others of its kind, also across reloads: the name of a source, a
  // directory.
  virtual std::string name() const = 0;

  // Whether the other entry, of the same kind, asks for the very same.
  virtual bool is_same(const CollectorConfig& other) const = 0;

  // nullptr where nothing has to run for it: the HTTP server serves http_push. What can fail, such
  // as starting a thread, fails here, by an exception, and touches nothing that others use: a
  // collector of the entry before may still run.
  virtual std::unique_ptr<Collector> make(const CollectorContext& context) const = 0;
};

// Shared by the configuration that is in force and the collectors that run: a reload replaces the
// first and compares it with the second.
using CollectorConfigs = std::vector<std::shared_ptr<const CollectorConfig>>;

// What a collector reads its tables from.
struct CollectorTables {
  TomlTable& root;                      // of the configuration file
  const std::filesystem::path& folder;  // of that file; paths are relative to it
  // Reads the key 'department' of a table, which has to be there. The caller checks later whether
  // the catalogue has the department.
  std::function<std::string(TomlTable&)> department;
  std::span<const std::filesystem::path> token_files;  // that [http] names
  Findings& findings;                                  // for files that a collector reads itself
};

struct CollectorKind {
  // The name of its table, Submission::collector, and the label `collector` of metrics.
  std::string_view name;
  // How `check` counts the entries ("2 inboxes"); "" where it does not.
  std::string_view plural;
  // Reads all entries. What is wrong is found in the tables: where there are findings the entries
  // are not used.
  CollectorConfigs (*read)(const CollectorTables& tables);
};

// The entries that are a `Config`, in their order.
template <class Config>
std::vector<const Config*> entries_of(const CollectorConfigs& configs) {
  std::vector<const Config*> entries;
  for (const auto& config : configs) {
    if (const auto* entry = dynamic_cast<const Config*>(config.get())) entries.push_back(entry);
  }
  return entries;
}

}  // namespace districtd
