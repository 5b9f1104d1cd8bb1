// Files of one test of the service, and the log that it writes meanwhile.
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <spdlog/spdlog.h>

#include "daemon/log/logging.h"
#include "tests/unit/fixture/files_test.h"

namespace districtd {

class ServiceFolder : public FilesTest {
 protected:
  ServiceFolder() {
    LogConfig config;
    config.sink = LogSink::file;
    config.path = folder_ / "test.log";
    configure_logging(config);
  }
  ~ServiceFolder() override { configure_logging({}); }

  // JSON, one record a line.
  std::string log() const {
    spdlog::default_logger()->flush();
    std::ostringstream text;
    text << std::ifstream(folder_ / "test.log").rdbuf();
    return text.str();
  }
};

}  // namespace districtd
