#include "daemon/exporter/process_metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <utility>

#include "base/metric_family.h"

namespace districtd {

using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::optional<double> cpu_seconds() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0) return std::nullopt;
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// The fields of /proc/self/stat from the third on (proc(5) numbers them from 1). The second, the
// program's name in parentheses, may hold blanks and parentheses itself.
std::vector<double> stat_fields_from_third() {
  std::ifstream file("/proc/self/stat");
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(") ");
  if (name_end == std::string::npos) return {};
  std::istringstream rest(line.substr(name_end + 2));
  std::string state;
  rest >> state;
  std::vector<double> fields = {0};
  for (double field = 0; rest >> field;) fields.push_back(field);
  return fields;
}

// Seconds since the epoch at which the machine was started.
std::optional<double> boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string key; file >> key;) {
    double value = 0;
    if (key == "btime" && file >> value) return value;
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return std::nullopt;
}

std::optional<double> open_descriptors() {
  DIR* directory = opendir("/proc/self/fd");
  if (!directory) return std::nullopt;
  double count = 0;
  while (const dirent* entry = readdir(directory)) {
    if (entry->d_name[0] != '.') ++count;
  }
  closedir(directory);
  return count - 1;  // the listing's own
}

std::optional<double> most_descriptors() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return std::nullopt;
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

std::vector<MetricFamily> process_metrics() {
  std::vector<MetricFamily> families;
  const auto add = [&](const char* name, const char* help, MetricType type,
                       std::optional<double> value) {
    if (value) families.push_back(single_metric(name, help, type, *value));
  };

  const auto stat = stat_fields_from_third();
  const auto field = [&](std::size_t number) -> std::optional<double> {
    if (stat.size() + 3 <= number) return std::nullopt;
    return stat[number - 3];
  };
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));

  add("process_cpu_seconds_total", "User and system CPU time spent, in seconds.",
      MetricType::Counter, cpu_seconds());
  if (const auto pages = field(24)) {
    add("process_resident_memory_bytes", "Resident memory size in bytes.", MetricType::Gauge,
        *pages * page);
  }
  add("process_virtual_memory_bytes", "Virtual memory size in bytes.", MetricType::Gauge,
      field(23));
  add("process_open_fds", "Number of open file descriptors.", MetricType::Gauge,
      open_descriptors());
  add("process_max_fds", "The most file descriptors that may be open.", MetricType::Gauge,
      most_descriptors());
  const auto boot = boot_time();
  if (const auto started = field(22); boot && started) {
    add("process_start_time_seconds", "Start of the process in seconds since the epoch.",
        MetricType::Gauge, *boot + *started / ticks);
  }
  return families;
}

}  // namespace districtd
