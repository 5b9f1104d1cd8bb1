// The sections of a bulletin, in one list: the sentences, the fields of templates, the shipped
// pages and the JSON come from it. A new section is a row in sections.cpp, the function that writes
// its sentences, and a row in docs/bulletins.md.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/domain/bulletin_kind.h"

namespace districtd {

struct Bulletin;
struct Composition;

// How a section is printed. Each form is a flag of the section in templates ("as_numbered").
enum class SectionForm {
  paragraph,    // the sentences are one paragraph
  sentences,    // each sentence is a paragraph
  numbered,     // each sentence is a paragraph with its number
  changes,      // numbered; the field's lines say too whether a change is for the better
  departments,  // sentences, and after them the table of departments
  not_reached,  // the targets that are not up to the schedule instead of sentences
};

struct BulletinSection {
  using KindTest = bool (*)(BulletinKind);

  std::string_view name;   // the field in templates and the key in JSON: [a-z_]+
  std::string_view title;  // "总体情况"
  SectionForm form = SectionForm::sentences;
  KindTest stands_in = nullptr;    // the kinds of bulletin in which the section is printed
  KindTest is_optional = nullptr;  // the kinds in which it is left out where it says nothing
  std::string_view when_empty;     // printed where it says nothing and is not left out; may be ""
  // Writes the sentences, when the figures of the bulletin are complete. nullptr: it has none.
  std::vector<std::string> (*compose)(const Composition&) = nullptr;
};

// A section of one bulletin. The names and titles are those of the list and outlive the bulletin.
struct ComposedSection {
  BulletinSection section;
  std::vector<std::string> sentences;
};

// All sections, in the order in which they are printed.
std::span<const BulletinSection> bulletin_sections();

// Whether the section has neither a sentence nor a line of its own to print.
bool is_empty(const ComposedSection& section, const Bulletin& bulletin);

// Whether the section is printed in the bulletin. Fields and JSON have it in any case.
bool is_printed(const ComposedSection& section, const Bulletin& bulletin);

}  // namespace districtd
