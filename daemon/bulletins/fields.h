// A bulletin as the names that a template may use. docs/bulletins.md lists them.
#pragma once

#include <kainjow/mustache.hpp>
#include <span>
#include <string>

#include "daemon/bulletins/bulletin.h"
#include "daemon/bulletins/page_template.h"

namespace districtd {

// Texts are as they are printed; what is absent is false, so that {{#name}}...{{/name}} leaves it
// out. `now` is the picture of the occasion, for the sparklines. `printed`: the line that says when
// it was printed, and nothing else in the result depends on it.
kainjow::mustache::data fields_of(const Bulletin& bulletin, const Picture& now,
                                  const std::string& printed);

// A made-up bulletin in which every list has an element and every text is there: what names exist.
TemplateSpecimen specimen_fields(std::span<const BulletinSection> sections = bulletin_sections());

}  // namespace districtd
