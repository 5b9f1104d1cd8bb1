// A template of a bulletin: a Mustache file (mustache.github.io/mustache.5.html), which an office
// can change without a compiler. It is proved before it is used: what would be left blank without a
// word is a finding with its line and column instead.
#pragma once

#include <filesystem>
#include <kainjow/mustache.hpp>
#include <memory>
#include <string>

#include "base/findings.h"
#include "base/result.h"

namespace districtd {

enum class Escaping { html, none };

class PageTemplate {
 public:
  // Reads and proves the file against the names that `specimen` has.
  static Result<PageTemplate, Findings> load(const std::filesystem::path& file, Escaping escaping,
                                             const kainjow::mustache::data& specimen);

  std::string render(const kainjow::mustache::data& fields) const;

 private:
  explicit PageTemplate(kainjow::mustache::mustache parsed) : parsed_(std::move(parsed)) {}
  mutable kainjow::mustache::mustache parsed_;  // render() is not const there
};

// The findings of a text; `file` is how they call it.
Findings prove_template(const std::string& file, std::string_view text,
                        const kainjow::mustache::data& specimen);

}  // namespace districtd
