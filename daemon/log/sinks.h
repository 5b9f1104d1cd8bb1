// Where lines of the log go: each knows whether a record arrived there.
#pragma once

#include <filesystem>
#include <memory>

#include <spdlog/sinks/sink.h>

#include "daemon/log/logging.h"

namespace districtd {

// A record is written at once and whole. Where that fails, it counts as lost (log_statistics()),
// and whoever logs learns it (write_event()); the first of a row of failures is said on standard
// error. Once a record can be written again, one before it says how many are missing (log_gap).
// What was left of a line by a full disk is ended, so that each line after it stands alone.
//
// Threads: any, one at a time; what stands before them in logging.cpp sees to that.

// Whoever reads standard error may stop: then records are lost, and nobody waits for him but once,
// a tenth of a second.
std::shared_ptr<spdlog::sinks::sink> make_standard_error_sink();
// Opened for appending, made with its folder where it is not there. Throws spdlog::spdlog_ex.
std::shared_ptr<spdlog::sinks::sink> make_file_sink(const std::filesystem::path& path);
// Throws spdlog::spdlog_ex where there is no journal. The journal does not say what it kept: that
// it took the record is all that is known.
std::shared_ptr<spdlog::sinks::sink> make_journal_sink(const char* identifier);

}  // namespace districtd
