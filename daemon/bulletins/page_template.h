// A template of a bulletin: a Mustache file (mustache.github.io/mustache.5.html), which an office
// can change without a compiler. It is proved before it is used: what would be left blank without a
// word is a finding with its line and column instead.
#pragma once

#include <filesystem>
#include <kainjow/mustache.hpp>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "base/findings.h"
#include "base/result.h"

namespace districtd {

enum class Escaping { html, none };

// What a template may name.
struct TemplateSpecimen {
  kainjow::mustache::data fields;  // every list has an element, whose fields are those of the list
  std::set<std::string> names;     // every name that stands anywhere in the fields
};

class PageTemplate {
 public:
  // Reads the file, or the built-in template of that name, and proves it against the specimen.
  static Result<PageTemplate, Findings> load(const std::filesystem::path& file, Escaping escaping,
                                             const TemplateSpecimen& specimen);
  static Result<PageTemplate, Findings> built_in(std::string_view name, Escaping escaping,
                                                 const TemplateSpecimen& specimen);

  std::string render(const kainjow::mustache::data& fields) const;

 private:
  static Result<PageTemplate, Findings> of_text(const std::string& file, const std::string& text,
                                                Escaping escaping,
                                                const TemplateSpecimen& specimen);
  explicit PageTemplate(kainjow::mustache::mustache parsed) : parsed_(std::move(parsed)) {}
  mutable kainjow::mustache::mustache parsed_;  // render() is not const there
};

// The findings of a text; `file` is how they call it.
Findings prove_template(const std::string& file, std::string_view text,
                        const TemplateSpecimen& specimen);

}  // namespace districtd
