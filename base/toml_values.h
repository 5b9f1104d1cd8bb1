// Values that TOML has no type for: durations, sizes, paths. A value that is none is a finding at
// its key.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/toml_table.h"

namespace districtd {

// "90s", "15m", "1h", "1d"; nullopt for anything else, for nothing and for more than `most`.
std::optional<std::chrono::seconds> parse_duration(
    std::string_view text, std::chrono::seconds most = std::chrono::days(366));

// "16MiB", "512KiB", "1GiB", or bytes; nullopt for anything else and for nothing.
std::optional<std::size_t> parse_size(std::string_view text);

// A finding where there is a text that is no absolute URL of http or https with a host. It does not
// quote the text: URLs may hold keys, and findings go to logs.
void check_url(TomlTable& table, std::string_view key, std::string_view text);

// Leave `out` as it is where the key is absent or its value no duration or size. `example` is what
// the finding says was expected.
void read_duration(TomlTable& table, std::string_view key, std::chrono::seconds& out);
void read_size(TomlTable& table, std::string_view key, std::string_view example,
               std::uint64_t& out);

// Paths are relative to the folder of the file that names them; "${CREDENTIALS_DIRECTORY}" at a
// path's beginning is systemd's (systemd.exec(5), LoadCredential), and a finding where it is not
// set. "" counts as absent.
std::optional<std::filesystem::path> read_path(TomlTable& table, std::string_view key,
                                               const std::filesystem::path& folder, bool required);
std::vector<std::filesystem::path> read_paths(TomlTable& table, std::string_view key,
                                              const std::filesystem::path& folder);

}  // namespace districtd
