#include "collectors/json_mapping.h"

#include <array>
#include <utility>
#include <boost/json.hpp>

namespace districtd {

namespace json = boost::json;

bool is_json_pointer(std::string_view text) {
  if (text.empty()) return true;
  if (text.front() != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '~') continue;
    if (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')) return false;
  }
  return true;
}

std::optional<std::string> mapped_json(std::string_view text, const JsonMapping& mapping) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  boost::system::error_code failure;
  const json::value document = json::parse(text, failure);
  if (failure) return std::nullopt;
  const json::value* const rows = document.find_pointer(mapping.rows, failure);
  if (rows == nullptr || !rows->is_array()) return std::nullopt;
  const std::array<std::pair<std::string_view, const std::string*>, 4> members = {
      {{"target", &mapping.target},
       {"as_of", &mapping.as_of},
       {"value", &mapping.value},
       {"note", &mapping.note}}};
  json::array observations;
  for (const json::value& row : rows->get_array()) {
    json::object observation;
    for (const auto& [name, pointer] : members) {
      if (pointer->empty()) continue;
      const json::value* const found = row.find_pointer(*pointer, failure);
      if (found != nullptr) observation.emplace(name, *found);
    }
    observations.emplace_back(std::move(observation));
  }
  return json::serialize(json::object{{"observations", std::move(observations)}});
}

}  // namespace districtd
