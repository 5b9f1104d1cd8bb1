#include "daemon/config/pull_config.h"

#include <fstream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <boost/url.hpp>

#include "base/base64.h"

namespace districtd {

namespace {

// From files, so that no secret stands in a configuration that many may read.
void read_credential(TomlTable& table, const std::filesystem::path& folder,
                     HttpPullSource& source) {
  const auto bearer = read_path(table, "bearer_file", folder, false);
  const auto basic = read_path(table, "basic_file", folder, false);
  const auto header = read_path(table, "header_file", folder, false);
  if ((bearer ? 1 : 0) + (basic ? 1 : 0) + (header ? 1 : 0) > 1) {
    table.add_finding("bearer_file",
                      "one of 'bearer_file', 'basic_file' and 'header_file' is enough");
    return;
  }
  const auto first_line = [&](std::string_view key, const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::string line;
    std::getline(stream, line);
    while (line.ends_with('\r') || line.ends_with(' ')) line.pop_back();
    if (line.empty()) {
      table.add_finding(key, file.string() +
                                 " cannot be read, or its first line is empty; it has to "
                                 "hold the credential");
    }
    return line;
  };
  source.credential_header = bearer || basic ? "Authorization" : "";
  if (bearer) source.credential = "Bearer " + first_line("bearer_file", *bearer);
  if (basic) {
    const std::string pair = first_line("basic_file", *basic);
    if (!pair.empty() && pair.find(':') == std::string::npos) {
      table.add_finding("basic_file", basic->string() + " has to hold USER:PASSWORD");
    }
    source.credential = "Basic " + base64(pair);
  }
  if (!header) return;
  const std::string line = first_line("header_file", *header);
  const std::size_t colon = line.find(':');
  if (colon == std::string::npos || colon == 0) {
    if (!line.empty())
      table.add_finding("header_file", header->string() + " has to hold NAME: VALUE");
    return;
  }
  source.credential_header = line.substr(0, colon);
  const std::size_t value = line.find_first_not_of(' ', colon + 1);
  source.credential = value == std::string::npos ? "" : line.substr(value);
}

void read_json_mapping(TomlTable& table, HttpPullSource& source) {
  auto json = table.table("json");
  if (!json) return;
  JsonMapping mapping;
  const auto pointer = [&](std::string_view key, std::string& out, bool required) {
    out = json->text(key, required).value_or("");
    if (!is_json_pointer(out)) {
      json->add_finding(key, "'" + out + "' is no JSON Pointer; expected such as \"/data/rows\"");
    }
  };
  pointer("rows", mapping.rows, false);
  pointer("target", mapping.target, true);
  pointer("as_of", mapping.as_of, true);
  pointer("value", mapping.value, true);
  pointer("note", mapping.note, false);
  json->finish();
  source.json = std::move(mapping);
}

}  // namespace

std::vector<HttpPullSource> read_http_pulls(TomlTable& root, const std::filesystem::path& folder,
                                            DepartmentsNamed& departments) {
  std::vector<HttpPullSource> sources;
  std::set<std::string> names;
  for (TomlTable& table : root.tables("http_pull")) {
    HttpPullSource source;
    source.name = table.text("name", true).value_or("");
    source.department = read_department(table, departments);
    source.url = table.text("url", true).value_or("");
    check_url(table, "url", source.url);
    if (const auto url = boost::urls::parse_uri(source.url); url && url->has_userinfo()) {
      table.add_finding("url", "a user or password in 'url' would stand in logs; leave it out");
    }
    read_duration(table, "every", source.every);
    read_duration(table, "timeout", source.timeout);
    read_size(table, "max_size", "64MiB", source.max_bytes);
    if (const auto ca = read_path(table, "ca_file", folder, false)) source.ca_file = ca->string();
    read_credential(table, folder, source);
    read_json_mapping(table, source);
    if (!source.name.empty() && !names.insert(source.name).second) {
      table.add_finding("name", "two [[http_pull]] are called '" + source.name + "'");
    }
    table.finish();
    sources.push_back(std::move(source));
  }
  return sources;
}

}  // namespace districtd
