// A log file in a folder of its own, and what stands in it.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "daemon/log/logging.h"

namespace districtd {

class LogFile {
 public:
  explicit LogFile(LogFormat format = LogFormat::json) {
    std::string made = (std::filesystem::temp_directory_path() / "districtd-log-XXXXXX").string();
    folder_ = mkdtemp(made.data());
    config_.format = format;
    config_.sink = LogSink::file;
    config_.path = folder_ / "districtd.log";
    configure_logging(config_);
  }
  ~LogFile() {
    configure_logging({});  // back to standard error
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  LogFile(const LogFile&) = delete;
  LogFile& operator=(const LogFile&) = delete;

  const LogConfig& config() const { return config_; }
  const std::filesystem::path& folder() const { return folder_; }

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
  std::filesystem::path folder_;
  LogConfig config_;
};

}  // namespace districtd
