// A log file in a folder of its own, and what stands in it.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "daemon/log/logging.h"
#include "tests/unit/fixture/temporary_folder.h"

namespace districtd {

class LogFile {
 public:
  explicit LogFile(LogFormat format = LogFormat::json) {
    config_.format = format;
    config_.sink = LogSink::file;
    config_.path = folder() / "districtd.log";
    configure_logging(config_);
  }
  ~LogFile() {
    configure_logging({});  // back to standard error
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  const LogConfig& config() const { return config_; }
  const std::filesystem::path& folder() const { return folder_.path(); }

  static std::vector<std::string> lines_of(const std::filesystem::path& path) {
    std::vector<std::string> lines;
    std::ifstream file(path, std::ios::binary);
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }
  std::vector<std::string> lines() const { return lines_of(config_.path); }

  // Throws where a line is no JSON object.
  std::vector<boost::json::object> records() const {
    std::vector<boost::json::object> records;
    for (const auto& line : lines()) records.push_back(boost::json::parse(line).as_object());
    return records;
  }

 private:
  TemporaryFolder folder_;
  LogConfig config_;
};

}  // namespace districtd
