#include "daemon/status/change_view.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/csv_cell.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "daemon/status/terminal.h"
#include "daemon/status/words.h"

namespace districtd {

namespace {

using Text = std::optional<std::string>;

bool is_value(ChangeKind kind) { return kind == ChangeKind::goal || kind == ChangeKind::baseline; }

std::string pace_text(std::string_view pace) {
  if (pace == "monthly") return "按月均衡";
  if (pace == "deadline") return "只看期限";
  return pace == "plan" ? "按计划" : std::string(pace);
}

// As people read it: "30亿元", "2026-12-31", "区文旅局", "只看期限".
Text text_of(const Catalogue& catalogue, const TargetChange& change, const ChangedTerm& term) {
  if (const auto* const number = std::get_if<double>(&term)) {
    const Target& target = catalogue[change.target];
    return format_value(target, target.unit.to_base(*number));
  }
  const auto* const word = std::get_if<std::string>(&term);
  if (word == nullptr) return std::nullopt;
  if (change.kind == ChangeKind::pace) return pace_text(*word);
  if (change.kind == ChangeKind::department) {
    if (const auto department = catalogue.find_department(*word)) {
      return catalogue.departments()[*department].name_on(change.decided);
    }
  }
  return *word;
}

std::string kind_text(const TargetChange& change) {
  std::string text{to_chinese(change.kind)};
  if (change.extension > 0) text += "（第" + std::to_string(change.extension) + "次）";
  return text;
}

// What every form of the list says of one change.
struct Described {
  const Target& target;
  const Department& department;
  std::string_view programme;
  std::string department_name;
  Text unit;
  Text reason;
  Text extension;
  Text before;
  Text after;
};

Described described(const Catalogue& catalogue, const TargetChange& change) {
  const Target& target = catalogue[change.target];
  const Department& department = catalogue.department_of(target, change.decided);
  Described result{target,
                   department,
                   catalogue.programme_of(target).id,
                   department.name_on(change.decided),
                   {},
                   {},
                   {},
                   text_of(catalogue, change, change.before),
                   text_of(catalogue, change, change.after)};
  if (is_value(change.kind)) result.unit = target.unit.symbol();
  if (!change.reason.empty()) result.reason = change.reason;
  if (change.extension > 0) result.extension = std::to_string(change.extension);
  return result;
}

void write_term(JsonWriter& json, std::string_view name, const ChangedTerm& term) {
  json.key(name);
  if (const auto* const number = std::get_if<double>(&term)) {
    json.value(*number);
  } else if (const auto* const word = std::get_if<std::string>(&term)) {
    json.value(*word);
  } else {
    json.null();
  }
}

std::string cell_of(const ChangedTerm& term) {
  if (const auto* const number = std::get_if<double>(&term)) return json_number(*number);
  const auto* const word = std::get_if<std::string>(&term);
  return word != nullptr ? *word : "";
}

// "2026-06-30 → 2026-12-31", "" where the change says neither.
std::string arrow_of(const Described& of) {
  if (!of.before && !of.after) return "";
  return of.before.value_or("无") + " → " + of.after.value_or("无");
}

}  // namespace

std::vector<ListedChange> changes_concerning(const Catalogue& catalogue,
                                             std::span<const std::uint32_t> programmes,
                                             std::string_view department, Date on,
                                             std::optional<Date> since) {
  std::vector<ListedChange> all;
  for (TargetChange& change : changes(catalogue, on, since)) {
    const Target& target = catalogue[change.target];
    if (std::find(programmes.begin(), programmes.end(), target.programme) == programmes.end()) {
      continue;
    }
    const Date before = change.decided - std::chrono::days{1};
    if (!department.empty() && catalogue.department_of(target, change.decided).id != department &&
        catalogue.department_of(target, before).id != department) {
      continue;
    }
    all.push_back({&catalogue, std::move(change)});
  }
  return all;
}

std::string changes_json(const std::vector<ListedChange>& changes) {
  std::string out;
  JsonWriter json(out);
  json.begin_array();
  for (const ListedChange& one : changes) {
    if (&one != &changes.front()) json.new_line(" ");
    const TargetChange& change = one.change;
    const Described of = described(*one.catalogue, change);
    json.begin_object()
        .member("programme", of.programme)
        .member("target", of.target.id)
        .member("name", of.target.name)
        .member("department", of.department.id)
        .member("department_name", of.department_name)
        .member("kind", to_string(change.kind))
        .member("kind_text", to_chinese(change.kind));
    write_term(json, "old", change.before);
    write_term(json, "new", change.after);
    json.member("old_text", of.before)
        .member("new_text", of.after)
        .member("unit", of.unit)
        .member("from", to_string(change.from))
        .member("decided", to_string(change.decided))
        .member("reason", of.reason)
        .member("extension", change.extension > 0 ? std::optional{change.extension} : std::nullopt)
        .end_object();
  }
  json.end_array();
  return out + "\n";
}

std::string changes_csv(const std::vector<ListedChange>& changes) {
  std::string out =
      "\xEF\xBB\xBF"
      "programme,target,name,department,department_name,kind,kind_text,old,new,old_text,new_text,"
      "unit,from,decided,reason,extension\r\n";
  for (const auto& [catalogue, change] : changes) {
    const Described of = described(*catalogue, change);
    const std::array<std::string, 16> cells = {std::string(of.programme),
                                               of.target.id,
                                               of.target.name,
                                               of.department.id,
                                               of.department_name,
                                               std::string(to_string(change.kind)),
                                               std::string(to_chinese(change.kind)),
                                               cell_of(change.before),
                                               cell_of(change.after),
                                               of.before.value_or(""),
                                               of.after.value_or(""),
                                               of.unit.value_or(""),
                                               to_string(change.from),
                                               to_string(change.decided),
                                               of.reason.value_or(""),
                                               of.extension.value_or("")};
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) out += ',';
      out += csv_cell(cells[i]);
    }
    out += "\r\n";
  }
  return out;
}

std::string changes_table(const std::vector<ListedChange>& changes, const PromiseCounts& promises,
                          std::string_view title) {
  std::string out = printable(title) + "\n\n";
  if (changes.empty()) return out + "没有调整过的目标。\n";
  out += pad_right("决定日", 12) + pad_right("起算日", 12) + pad_right("调整", 18) +
         pad_right("指标", 36) + pad_right("责任部门", 22) + pad_right("原 → 现", 32) + "依据\n";
  std::size_t extensions = 0;
  for (const auto& [catalogue, change] : changes) {
    const Described of = described(*catalogue, change);
    std::string line = pad_right(to_string(change.decided), 12) +
                       pad_right(to_string(change.from), 12) + pad_right(kind_text(change), 18) +
                       pad_right(of.target.name, 36) + pad_right(of.department_name, 22) +
                       pad_right(arrow_of(of), 32) + printable(of.reason.value_or(""));
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
    extensions += change.extension > 0 ? 1 : 0;
  }
  out += "\n共 " + std::to_string(changes.size()) + " 项调整，其中延期 " +
         std::to_string(extensions) + " 次。\n";
  return out + first_promise_sentence(promises);
}

std::string first_promise_sentence(const PromiseCounts& promises) {
  if (!promises.differ()) return "";
  const auto done = [](const PromiseCounts::ByStatus& counts) {
    return PromiseCounts::of(counts, Status::achieved) +
           PromiseCounts::of(counts, Status::achieved_late);
  };
  const auto overdue = [](const PromiseCounts::ByStatus& counts) {
    return PromiseCounts::of(counts, Status::overdue);
  };
  std::string text = "按最初的承诺：完成 " + std::to_string(done(promises.first)) +
                     " 项、逾期未完成 " + std::to_string(overdue(promises.first)) +
                     " 项；按现在的承诺：" + std::to_string(done(promises.present)) + " 项、" +
                     std::to_string(overdue(promises.present)) + " 项";
  if (promises.withdrawn > 0) {
    text += "；最初承诺而后撤销的 " + std::to_string(promises.withdrawn) + " 项，结果无从得知";
  }
  if (promises.added > 0) text += "；后来新增 " + std::to_string(promises.added) + " 项";
  return text + "。\n";
}

}  // namespace districtd
