#include "daemon/bulletins/page_template.h"

#include <algorithm>
#include <set>
#include <vector>

#include "base/edit_distance.h"
#include "base/ports/files.h"
#include "base/text.h"
#include "daemon/bulletins/built_in.h"
#include "daemon/domain/catalogue.h"

namespace districtd {
namespace {

using kainjow::mustache::data;

std::string nearest_name(std::string_view name, const std::set<std::string>& names) {
  std::string_view best;
  std::size_t distance = name.size() / 2 + 1;
  for (const std::string& known : names) {
    const std::size_t d = edit_distance(name, known);
    if (d < distance) {
      distance = d;
      best = known;
    }
  }
  return std::string{best};
}

class Proof {
 public:
  Proof(const std::string& file, std::string_view text, const TemplateSpecimen& specimen)
      : file_(file), text_(text), names_(specimen.names), scopes_{&specimen.fields} {}

  Findings findings() && {
    std::size_t at = 0;
    while ((at = text_.find("{{", at)) != std::string_view::npos) at = tag(at);
    for (const Section& open : sections_) {
      add_finding(open.at, "the section '" + open.name + "' is not closed; expected {{/" +
                               open.name + "}} after it");
    }
    return std::move(findings_);
  }

 private:
  struct Section {
    std::string name;
    std::size_t at;
    bool has_scope;
  };

  void add_finding(std::size_t at, std::string message) {
    const std::string_view before = text_.substr(0, at);
    const auto line = static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n'));
    const std::size_t start = before.rfind('\n') + 1;  // npos + 1 is 0
    findings_.push_back(
        {file_, line + 1, static_cast<std::uint32_t>(at - start) + 1, std::move(message)});
  }

  // Returns where to go on.
  std::size_t tag(std::size_t at) {
    const bool is_triple = text_.substr(at, 3) == "{{{";
    const std::string_view close = is_triple ? "}}}" : "}}";
    const std::size_t from = at + close.size();
    const std::size_t end = text_.find(close, from);
    if (end == std::string_view::npos) {
      add_finding(at, "a tag begins here and never ends; expected " + std::string{close});
      return text_.size();
    }
    std::string_view inside = text_.substr(from, end - from);
    const char kind = inside.empty() ? ' ' : inside.front();
    if (std::string_view{"#^/&!>="}.find(kind) != std::string_view::npos) inside.remove_prefix(1);
    const std::string name{trim_ascii(inside)};
    switch (kind) {
      case '!':
        break;
      case '>':
      case '=':
        add_finding(at,
                    "'" + std::string{kind == '>' ? "{{>" : "{{="} +
                        "' is not understood here: a template stands in one file and keeps {{ }}");
        break;
      case '/':
        leave(at, name);
        break;
      case '#':
      case '^':
        enter(at, name, kind == '#');
        break;
      default:
        look_up(at, name);
    }
    return end + close.size();
  }

  void enter(std::size_t at, const std::string& name, bool is_positive) {
    const data* const value = look_up(at, name);
    bool has_scope = false;
    if (value != nullptr && is_positive && value->is_non_empty_list()) {
      scopes_.push_back(&value->list_value().front());
      has_scope = true;
    } else if (value != nullptr && is_positive && value->is_object()) {
      scopes_.push_back(value);
      has_scope = true;
    }
    sections_.push_back({name, at, has_scope});
  }

  void leave(std::size_t at, const std::string& name) {
    if (sections_.empty() || sections_.back().name != name) {
      add_finding(at, "{{/" + name + "}} closes what is not open; " +
                          (sections_.empty() ? std::string{"no section is open here"}
                                             : "expected {{/" + sections_.back().name + "}}"));
      return;
    }
    if (sections_.back().has_scope) scopes_.pop_back();
    sections_.pop_back();
  }

  const data* look_up(std::size_t at, const std::string& name) {
    if (name == ".") return scopes_.back();
    for (std::size_t inner = scopes_.size(); inner > 0; --inner) {
      const data* value = scopes_[inner - 1];
      std::size_t from = 0;
      while (value != nullptr && from <= name.size()) {
        const std::size_t dot = std::min(name.find('.', from), name.size());
        value = value->get(name.substr(from, dot - from));
        from = dot + 1;
      }
      if (value != nullptr) return value;
    }
    const std::string near = nearest_name(name, names_);
    add_finding(at, "unknown field '" + name + "'" +
                        (near.empty() || near == name ? "" : "; did you mean '" + near + "'?") +
                        (near == name ? "; it exists, but not in this section" : "") +
                        " docs/bulletins.md lists the fields");
    return nullptr;
  }

  const std::string& file_;
  std::string_view text_;
  const std::set<std::string>& names_;
  std::vector<const data*> scopes_;
  std::vector<Section> sections_;
  Findings findings_;
};

}  // namespace

Findings prove_template(const std::string& file, std::string_view text,
                        const TemplateSpecimen& specimen) {
  return Proof{file, text, specimen}.findings();
}

Result<PageTemplate, Findings> PageTemplate::load(const std::filesystem::path& file,
                                                  Escaping escaping,
                                                  const TemplateSpecimen& specimen) {
  const auto read = read_whole(file);
  if (!read) {
    return Findings{{file.string(), 0, 0,
                     "cannot be read; expected a template of bulletins, such as those that "
                     "districtd comes with"}};
  }
  return of_text(file.string(), *read, escaping, specimen);
}

Result<PageTemplate, Findings> PageTemplate::built_in(std::string_view name, Escaping escaping,
                                                      const TemplateSpecimen& specimen) {
  return of_text("built-in " + std::string{name}, std::string{built_in_template(name)}, escaping,
                 specimen);
}

Result<PageTemplate, Findings> PageTemplate::of_text(const std::string& file,
                                                     const std::string& text, Escaping escaping,
                                                     const TemplateSpecimen& specimen) {
  if (Findings findings = prove_template(file, text, specimen); !findings.empty()) {
    return findings;
  }
  kainjow::mustache::mustache parsed{text};
  if (!parsed.is_valid()) {
    return Findings{{file, 0, 0, "is no Mustache template: " + parsed.error_message()}};
  }
  if (escaping == Escaping::none) {
    parsed.set_custom_escape([](const std::string& value) { return printable(value); });
  }
  return PageTemplate{std::move(parsed)};
}

std::string PageTemplate::render(const data& fields) const {
  std::string out;
  parsed_.render(fields, [&out](const std::string& piece) { out += piece; });
  return out;
}

}  // namespace districtd
