#include "base/toml_values.h"

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <boost/url.hpp>

namespace districtd {

namespace {

struct Suffix {
  std::string_view text;
  std::uint64_t factor;
};

std::optional<std::uint64_t> parse_scaled(std::string_view text,
                                          std::initializer_list<Suffix> suffixes) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number == 0 || number > (1ULL << 32)) return std::nullopt;
  const std::string_view rest{end, static_cast<std::size_t>(text.data() + text.size() - end)};
  for (const Suffix& suffix : suffixes) {
    if (rest == suffix.text) return number * suffix.factor;
  }
  return std::nullopt;
}

// nullopt, and a finding, where the path leans on a variable that is not set.
std::optional<std::filesystem::path> resolve(const TomlTable& table, std::string_view key,
                                             const std::string& text,
                                             const std::filesystem::path& folder) {
  constexpr std::string_view kCredentials = "${CREDENTIALS_DIRECTORY}";
  if (!text.starts_with(kCredentials)) return folder / text;
  // Read once at load, before any thread could change the environment.
  const char* const directory =
      std::getenv("CREDENTIALS_DIRECTORY");  // NOLINT(concurrency-mt-unsafe)
  if (directory != nullptr) {
    return std::filesystem::path{directory + text.substr(kCredentials.size())};
  }
  table.add_finding(
      key,
      "'" + text + "' leans on systemd's LoadCredential=, and CREDENTIALS_DIRECTORY is not set");
  return std::nullopt;
}

}  // namespace

std::optional<std::chrono::seconds> parse_duration(std::string_view text,
                                                   std::chrono::seconds most) {
  const auto seconds = parse_scaled(text, {{"s", 1}, {"m", 60}, {"h", 3600}, {"d", 86400}});
  if (!seconds || *seconds > static_cast<std::uint64_t>(most.count())) return std::nullopt;
  return std::chrono::seconds{*seconds};
}

std::optional<std::size_t> parse_size(std::string_view text) {
  return parse_scaled(text, {{"", 1}, {"KiB", 1U << 10}, {"MiB", 1U << 20}, {"GiB", 1U << 30}});
}

void check_url(TomlTable& table, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  const auto url = boost::urls::parse_uri(text);
  if (url && (url->scheme() == "http" || url->scheme() == "https") && !url->host().empty()) return;
  table.add_finding(key,
                    "'" + std::string{key} + "' is no URL; expected http://... or https://...");
}

void read_duration(TomlTable& table, std::string_view key, std::chrono::seconds& out) {
  const auto text = table.text(key);
  if (!text) return;
  if (const auto parsed = parse_duration(*text)) {
    out = *parsed;
  } else {
    table.add_finding(
        key, "'" + *text + "' is no duration; expected such as \"30s\", \"15m\", \"1h\" or \"7d\"");
  }
}

void read_size(TomlTable& table, std::string_view key, std::string_view example,
               std::uint64_t& out) {
  const auto text = table.text(key);
  if (!text) return;
  if (const auto parsed = parse_size(*text)) {
    out = *parsed;
  } else {
    table.add_finding(
        key, "'" + *text + "' is no size; expected such as \"" + std::string{example} + "\"");
  }
}

std::optional<std::filesystem::path> read_path(TomlTable& table, std::string_view key,
                                               const std::filesystem::path& folder, bool required) {
  const auto text = table.text(key, required);
  if (!text || text->empty()) return std::nullopt;
  return resolve(table, key, *text, folder);
}

std::vector<std::filesystem::path> read_paths(TomlTable& table, std::string_view key,
                                              const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> result;
  for (const std::string& text : table.texts(key)) {
    if (auto path = resolve(table, key, text, folder)) result.push_back(std::move(*path));
  }
  return result;
}

}  // namespace districtd
