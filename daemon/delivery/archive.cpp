#include "daemon/delivery/archive.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <boost/json.hpp>

#include "base/durable_file.h"
#include "base/ports/files.h"
#include "daemon/config/bulletin_config.h"

namespace districtd {
namespace {

namespace json = boost::json;

std::optional<std::string> read(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(file, error)) return std::nullopt;
  auto text = read_whole(file);
  return text ? std::optional{*std::move(text)} : std::nullopt;
}

json::array entries_of(const std::filesystem::path& file) {
  const auto text = read(file);
  if (!text) return {};
  json::error_code error;
  const json::value value = json::parse(*text, error);
  if (error || !value.is_array()) return {};
  json::array entries;
  for (const json::value& entry : value.get_array()) {
    const auto* const object = entry.if_object();
    if (object == nullptr || !object->contains("id") || !object->at("id").is_string()) continue;
    entries.push_back(entry);
  }
  return entries;
}

std::string text_of(const json::value& entry, std::string_view key) {
  const auto* const object = entry.if_object();
  const auto* const found = object != nullptr ? object->if_contains(key) : nullptr;
  return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>督查通报</title>\n<style>\n"
    "body{max-width:60em;margin:2em auto;padding:0 1em;font-family:\"Noto Sans CJK SC\","
    "\"Microsoft YaHei\",sans-serif;line-height:1.7}\n"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.4em "
    ".6em;text-align:left;vertical-align:top}td:first-child{white-space:nowrap}\n"
    "</style>\n</head>\n<body>\n<h1>督查通报</h1>\n";

// Links go to this directory's own names: the page works as a file and behind GET /bulletins/.
std::string index_page(const json::array& entries) {
  std::string out{kHead};
  if (entries.empty()) return out + "<p>还没有通报。</p>\n</body>\n</html>\n";
  out += "<table>\n<thead><tr><th>日期</th><th>通报</th><th>文件</th></tr></thead>\n<tbody>\n";
  for (const json::value& entry : entries) {
    const auto* const late = entry.get_object().if_contains("late");
    const bool is_late = late != nullptr && late->is_bool() && late->get_bool();
    out += "<tr><td>" + escaped(text_of(entry, "on")) + (is_late ? "（补发）" : "") + "</td><td>" +
           escaped(text_of(entry, "title")) + "</td><td>";
    if (const auto* const files = entry.get_object().if_contains("files");
        files != nullptr && files->is_array()) {
      for (const json::value& file : files->get_array()) {
        if (!file.is_string()) continue;
        const std::string name{file.get_string()};
        out += "<a href=\"" + escaped(name) + "\">" + escaped(name.substr(name.rfind('.') + 1)) +
               "</a> ";
      }
    }
    out += "</td></tr>\n";
  }
  return out + "</tbody>\n</table>\n</body>\n</html>\n";
}

std::string index_text(const json::array& entries) {
  std::string out = "[";
  for (const json::value& entry : entries) {
    out += (out.size() > 1 ? ",\n " : "") + json::serialize(entry);
  }
  return out + "]\n";
}

struct Type {
  std::string_view extension;
  std::string_view type;
};
constexpr std::array kTypes = {
    Type{"html", "text/html; charset=utf-8"},
    Type{"pdf", "application/pdf"},
    Type{"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    Type{"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
    Type{"csv", "text/csv; charset=utf-8"},
    Type{"json", "application/json; charset=utf-8"},
    Type{"txt", "text/plain; charset=utf-8"},
};

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 100 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

void add_to_index(const std::filesystem::path& directory, const Edition& edition, bool is_late) {
  json::array entries = entries_of(directory / "index.json");
  json::value entry = json::parse(edition.summary);
  entry.as_object()["late"] = is_late;
  entry.as_object()["files"] = json::value_from(edition.files);
  const auto same = std::find_if(entries.begin(), entries.end(), [&](const json::value& other) {
    return text_of(other, "id") == edition.id;
  });
  if (same != entries.end()) {
    *same = std::move(entry);
  } else {
    entries.push_back(std::move(entry));
  }
  // The newest first, and those of a day by id.
  std::stable_sort(entries.begin(), entries.end(), [](const json::value& a, const json::value& b) {
    const std::string on_a = text_of(a, "on");
    const std::string on_b = text_of(b, "on");
    return on_a != on_b ? on_a > on_b : text_of(a, "id") < text_of(b, "id");
  });
  write_whole(directory / "index.json", index_text(entries));
  write_whole(directory / "index.html", index_page(entries));
}

std::optional<ArchivedFile> read_archived(const std::filesystem::path& directory,
                                          std::string_view name) {
  if (name.empty()) {
    auto body = directory.empty() ? std::nullopt : read(directory / "index.html");
    return ArchivedFile{std::string{kTypes[0].type}, body ? std::move(*body) : index_page({})};
  }
  if (directory.empty()) return std::nullopt;
  const std::size_t dot = name.rfind('.');
  const std::string_view id = name.substr(0, dot);
  const std::string_view extension =
      dot == std::string_view::npos ? std::string_view{"html"} : name.substr(dot + 1);
  if (!is_id(id)) return std::nullopt;
  for (const Type& type : kTypes) {
    if (type.extension != extension) continue;
    auto body = read(directory / (std::string{id} + "." + std::string{extension}));
    if (!body) return std::nullopt;
    return ArchivedFile{std::string{type.type}, std::move(*body)};
  }
  return std::nullopt;
}

}  // namespace districtd
