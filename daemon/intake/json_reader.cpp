#include "daemon/intake/json_reader.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <boost/json/basic_parser_impl.hpp>

#include "base/text.h"
#include "base/utf8.h"

namespace districtd {

namespace {

namespace json = boost::json;

// The column of a key of "narrative": a part's, in either language.
std::optional<Column> part_of(std::string_view key) {
  for (std::size_t i = 0; i < Narrative::kParts; ++i) {
    if (key == kNarrativeKeys[i] || key == kNarrativeTitles[i]) return kNarrativeColumns[i];
  }
  return std::nullopt;
}

// Receives Boost.JSON's events (the handler of its basic_parser). Where a value stands is told by
// place_; what lies deeper than any row is skipped by counting its brackets.
class ObservationsHandler {
 public:
  static constexpr std::size_t max_object_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_key_size = static_cast<std::size_t>(-1);
  static constexpr std::size_t max_string_size = static_cast<std::size_t>(-1);
  using Error = json::error_code;
  using Text = json::string_view;

  explicit ObservationsHandler(Rows& rows) : rows_(rows) {}

  // What is wrong with the document's shape; empty where nothing is.
  const std::string& complaint() const { return complaint_; }
  bool has_observations() const { return has_observations_; }
  // The first key of the document that is not known; "" where there is none.
  const std::string& unknown_of_document() const { return unknown_of_document_; }

  bool on_document_begin(Error&) { return true; }
  bool on_document_end(Error&) { return true; }
  bool on_object_begin(Error& error);
  bool on_object_end(std::size_t, Error&);
  bool on_array_begin(Error& error);
  bool on_array_end(std::size_t, Error&);
  bool on_key_part(Text part, std::size_t, Error&) { return collect(key_, part), true; }
  bool on_key(Text part, std::size_t, Error&);
  bool on_string_part(Text part, std::size_t, Error&) { return collect_text(part); }
  bool on_string(Text part, std::size_t, Error& error) { return scalar(Type::string, part, error); }
  bool on_number_part(Text part, Error&) { return collect_text(part); }
  bool on_int64(std::int64_t, Text part, Error& error) { return scalar(Type::number, part, error); }
  bool on_uint64(std::uint64_t, Text part, Error& error) {
    return scalar(Type::number, part, error);
  }
  bool on_double(double, Text part, Error& error) { return scalar(Type::number, part, error); }
  bool on_bool(bool value, Error& error) {
    return scalar(Type::boolean, value ? "true" : "false", error);
  }
  bool on_null(Error& error) { return scalar(Type::null, "", error); }
  bool on_comment_part(Text, Error&) { return true; }
  bool on_comment(Text, Error&) { return true; }

 private:
  enum class Place { root, document, observations, row, narrative };
  enum class Type { string, number, boolean, null, nested };

  // What is longer is no column and no valid cell: the rest of it is not kept, only counted.
  static constexpr std::size_t kMostTextBytes = 65'536;

  void collect(std::string& text, Text part) const {
    if (skipped_ > 0) return;
    text.append(part.data(), std::min(part.size(), kMostTextBytes - text.size()));
  }
  bool collect_text(Text part) {
    collect(text_, part);
    text_bytes_ += part.size();
    return true;
  }
  bool complain(std::string_view complaint, Error& error);
  void note_seen();  // column_ stands in the row
  bool scalar(Type type, Text last_part, Error& error);
  bool put(Type type, std::string_view text);
  void begin_row();
  void end_row();
  void refuse_shape(std::string_view column, std::string_view value, std::string_view subject,
                    std::string_view expected);

  Rows& rows_;
  Place place_ = Place::root;
  std::size_t skipped_ = 0;  // open brackets within a value that is skipped
  std::string complaint_;
  bool has_observations_ = false;
  std::string unknown_of_document_;
  bool at_observations_ = false;  // the document's key before the value is "observations"
  std::string key_;
  std::string text_;
  std::size_t text_bytes_ = 0;  // of the whole value that text_ begins
  std::int64_t row_ = 0;
  std::optional<Column> column_;
  bool at_unit_ = false;  // the row's key before the value is that of the unit
  std::string unit_;
  bool has_unit_ = false;
  bool at_narrative_ = false;  // likewise that of the object with the words
  bool has_narrative_ = false;
  bool is_narrative_wrong_ = false;         // it is no object
  std::optional<std::string> unknown_key_;  // the row's first one
  std::array<std::string, kColumns> cells_;
  std::array<bool, kColumns> seen_{};
  std::optional<Column> duplicate_;
  std::optional<Column> wrong_type_;
  std::optional<Column> too_long_;
  std::size_t too_long_bytes_ = 0;
};

bool ObservationsHandler::complain(std::string_view complaint, Error& error) {
  complaint_ = complaint;
  error = json::error::exception;  // any: it only ends the parse
  return false;
}

bool ObservationsHandler::on_object_begin(Error& error) {
  if (skipped_ > 0) return ++skipped_, true;
  switch (place_) {
    case Place::root:
      place_ = Place::document;
      return true;
    case Place::document:
      if (at_observations_) return complain("“observations”不是数组", error);
      break;
    case Place::observations:
      begin_row();
      return true;
    case Place::row:
      if (at_narrative_) {
        place_ = Place::narrative;
        column_.reset();
        return true;
      }
      put(Type::nested, "{…}");
      break;
    case Place::narrative:
      put(Type::nested, "{…}");
      break;
  }
  skipped_ = 1;
  return true;
}

bool ObservationsHandler::on_object_end(std::size_t, Error&) {
  if (skipped_ > 0) return --skipped_, true;
  if (place_ == Place::narrative) {
    place_ = Place::row;
    at_narrative_ = false;
  } else if (place_ == Place::row) {
    end_row();
    place_ = Place::observations;
  } else {
    place_ = Place::root;
  }
  return true;
}

bool ObservationsHandler::on_array_begin(Error& error) {
  if (skipped_ > 0) return ++skipped_, true;
  switch (place_) {
    case Place::root:
      return complain("JSON 的最外层不是对象", error);
    case Place::document:
      if (at_observations_) {
        if (has_observations_) return complain("“observations”出现了两次", error);
        has_observations_ = true;
        place_ = Place::observations;
        return true;
      }
      break;
    case Place::observations:
      ++row_;
      refuse_shape("", "[…]", "这一条", "对象 {\"target\":…,\"as_of\":…,\"value\":…}");
      break;
    case Place::row:
    case Place::narrative:
      put(Type::nested, "[…]");
      break;
  }
  skipped_ = 1;
  return true;
}

bool ObservationsHandler::on_array_end(std::size_t, Error&) {
  if (skipped_ > 0) return --skipped_, true;
  place_ = Place::document;
  return true;
}

bool ObservationsHandler::on_key(Text part, std::size_t, Error&) {
  collect(key_, part);
  if (skipped_ == 0 && place_ == Place::document) {
    at_observations_ = key_ == "observations";
    // What stands beside the rows may be meant for all of them.
    if (!at_observations_ && unknown_of_document_.empty()) unknown_of_document_ = key_;
  }
  if (skipped_ == 0 && place_ == Place::narrative) {
    column_ = part_of(key_);
    note_seen();
    if (!column_ && !unknown_key_) unknown_key_ = "narrative." + key_;
  }
  if (skipped_ == 0 && place_ == Place::row) {
    column_ = column_of(key_);
    note_seen();
    at_unit_ = !column_ && (key_ == "unit" || key_ == "单位");
    if (at_unit_ && std::exchange(has_unit_, true)) unknown_key_ = key_;
    at_narrative_ = key_ == "narrative";
    if (at_narrative_ && std::exchange(has_narrative_, true)) unknown_key_ = key_;
    if (!column_ && !at_unit_ && !at_narrative_ && !unknown_key_) unknown_key_ = key_;
  }
  key_.clear();
  return true;
}

void ObservationsHandler::note_seen() {
  if (!column_) return;
  bool& seen = seen_[static_cast<std::size_t>(*column_)];
  if (seen) duplicate_ = column_;
  seen = true;
}

bool ObservationsHandler::scalar(Type type, Text last_part, Error& error) {
  collect_text(last_part);
  bool fine = true;
  if (skipped_ == 0) {
    if (place_ == Place::root) fine = complain("JSON 的最外层不是对象", error);
    if (place_ == Place::document && at_observations_) {
      fine = complain("“observations”不是数组", error);
    }
    if (place_ == Place::observations) {
      ++row_;
      refuse_shape("", text_, "这一条", "对象 {\"target\":…,\"as_of\":…,\"value\":…}");
    }
    if (place_ == Place::row || place_ == Place::narrative) put(type, text_);
  }
  text_.clear();
  text_bytes_ = 0;
  return fine;
}

bool ObservationsHandler::put(Type type, std::string_view text) {
  if (at_unit_) {
    if (type == Type::string) {
      unit_ = text;
    } else if (type != Type::null && !unknown_key_) {
      unknown_key_ = "unit";
    }
    return true;
  }
  if (at_narrative_ && place_ == Place::row) {
    is_narrative_wrong_ = is_narrative_wrong_ || type != Type::null;
    return true;
  }
  if (!column_) return true;
  const bool takes_all = (*column_ == Column::value && type != Type::nested) ||
                         (*column_ == Column::programme && type == Type::number);
  if (type != Type::string && type != Type::null && !takes_all && !wrong_type_) {
    wrong_type_ = column_;
  }
  if (text_bytes_ > kMostTextBytes && !too_long_) {
    too_long_ = column_;
    too_long_bytes_ = text_bytes_;
  }
  cells_[static_cast<std::size_t>(*column_)] = text;
  return true;
}

void ObservationsHandler::begin_row() {
  place_ = Place::row;
  ++row_;
  seen_.fill(false);
  duplicate_.reset();
  wrong_type_.reset();
  too_long_.reset();
  at_unit_ = has_unit_ = false;
  at_narrative_ = has_narrative_ = is_narrative_wrong_ = false;
  unit_.clear();
  unknown_key_.reset();
  for (std::string& cell : cells_) cell.clear();
}

void ObservationsHandler::end_row() {
  Row row;
  row.number = row_;
  std::copy(cells_.begin(), cells_.end(), row.cells.begin());
  row.unit = unit_;
  const auto refuse = [&](Refusal refusal, Column column, std::string_view part) {
    rows_.refuse(row_, row.cells, [&] {
      const std::string_view name = rows_.name(column);
      return explain(refusal, row_, name, row[column], {name, part});
    });
  };
  if (unknown_key_) {
    rows_.refuse(row_, row.cells, [&] {
      return explain(Refusal::unknown_key, row_, "", *unknown_key_, {*unknown_key_});
    });
  } else if (is_narrative_wrong_) {
    refuse_shape("narrative", "", "narrative",
                 R"(对象 {"progress":…,"problems":…,"next_steps":…})");
  } else if (duplicate_) {
    refuse(Refusal::duplicate_key, *duplicate_, "");
  } else if (wrong_type_) {
    refuse(Refusal::wrong_type, *wrong_type_,
           *wrong_type_ == Column::value ? "数字，或带单位的字符串" : "字符串");
  } else if (too_long_) {
    rows_.refuse(row_, {}, [&] {
      const std::string_view name = rows_.name(*too_long_);
      return explain(Refusal::row_too_long, row_, name, row[*too_long_],
                     {"“" + std::string(name) + "”", std::to_string(too_long_bytes_),
                      std::to_string(kMostTextBytes), "填写的内容"});
    });
  } else {
    rows_.add(row, row.cells);
  }
}

void ObservationsHandler::refuse_shape(std::string_view column, std::string_view value,
                                       std::string_view subject, std::string_view expected) {
  rows_.refuse(row_, {}, [&] {
    return explain(Refusal::wrong_type, row_, column, value, {subject, expected});
  });
}

std::string place_in(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::string_view on_line = before.substr(before.rfind('\n') + 1);
  const auto column = 1 + utf8::count_characters(on_line);
  return "JSON 第 " + std::to_string(line) + " 行第 " + std::to_string(column) + " 个字符（第 " +
         std::to_string(offset + 1) + " 字节）处";
}

RowError bad_json(std::string_view text, std::size_t offset, std::string_view what) {
  return explain(Refusal::bad_json, 0, "", "", {place_in(text, offset) + std::string(what)});
}

}  // namespace

std::optional<RowError> read_json(std::string_view text, Rows& rows) {
  json::basic_parser<ObservationsHandler> parser(json::parse_options{}, rows);
  json::error_code error;
  std::size_t offset = parser.write_some(false, text.data(), text.size(), error);
  const std::string& complaint = parser.handler().complaint();
  if (!complaint.empty()) {
    return explain(Refusal::bad_json, 0, "", "", {complaint});
  }
  if (error == json::error::incomplete) return bad_json(text, text.size(), "中断，内容不完整");
  if (error == json::error::too_deep) return bad_json(text, offset, "嵌套过深");
  if (error == json::error::exponent_overflow) return bad_json(text, offset, "的数，指数过大");
  if (error) return bad_json(text, offset, "不符合 JSON 语法");
  if (offset < text.size()) return bad_json(text, offset, "有多余的内容");
  if (!parser.handler().has_observations()) {
    return explain(Refusal::bad_json, 0, "", "", {"JSON 中没有“observations”"});
  }
  if (const std::string& key = parser.handler().unknown_of_document(); !key.empty()) {
    return explain(Refusal::unknown_key, 0, utf8::cut(key, 100), key, {key});
  }
  return std::nullopt;
}

}  // namespace districtd
