#include "collectors/receipt_json.h"

#include <cstdint>
#include <utility>
#include <boost/json.hpp>

#include "base/json_writer.h"
#include "base/time.h"

namespace districtd {
namespace {

namespace json = boost::json;

// Of a row where several sheets were read.
void write_sheet(JsonWriter& json, const std::string& sheet) {
  if (!sheet.empty()) json.member("sheet", sheet);
}

// A row's text is quoted as it came, whatever the bytes were: JsonWriter makes UTF-8 of it.
void write_errors(JsonWriter& json, const std::vector<RowError>& errors) {
  json.begin_array();
  for (const RowError& error : errors) {
    json.begin_object();
    write_sheet(json, error.sheet);
    json.member("row", error.row)
        .member("column", error.column)
        .member("value", error.value)
        .member("code", error.code)
        .member("message", error.message)
        .end_object();
  }
  json.end_array();
}

// What receipts have beside the counts and errors, as members of the object that is open.
void write_details(JsonWriter& json, const Receipt& receipt) {
  json.member("encoding", receipt.encoding)
      .member("empty", receipt.empty)
      .member("flagged", receipt.flagged)
      .member("held", receipt.held);
  if (receipt.wordy > 0) json.member("narrative_only", receipt.wordy);
  if (receipt.narratives > 0) json.member("narratives", receipt.narratives);
  json.key("flags").begin_array();
  for (const RowFlag& flag : receipt.flags) {
    json.begin_object();
    write_sheet(json, flag.sheet);
    json.member("row", flag.row)
        .member("column", flag.column)
        .member("value", flag.value)
        .member("flag", flag.flag)
        .member("message", flag.message);
    if (!flag.explanation.empty()) json.member("explanation", flag.explanation);
    json.end_object();
  }
  json.end_array().key("notes").begin_array();
  for (const std::string& note : receipt.notes) json.value(note);
  json.end_array();
}

// Whether rows were refused that the full list of errors does not name.
bool errors_truncated(const Receipt& receipt) {
  if (receipt.errors.size() < Receipt::kMostErrors) return false;
  return receipt.rejected > rows_listed(receipt.errors);
}

bool read(const json::object& object, std::string_view key, std::string& into) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_string()) return false;
  into = std::string_view(value->get_string());
  return true;
}

bool read(const json::object& object, std::string_view key, std::int64_t& into) {
  const json::value* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return false;
  into = value->get_int64();
  return true;
}

bool read_flags(const json::object& object, std::vector<RowFlag>& flags) {
  const json::value* value = object.if_contains("flags");
  if (value == nullptr) return true;
  if (!value->is_array()) return false;
  for (const json::value& element : value->get_array()) {
    const json::object* one = element.if_object();
    RowFlag flag;
    if (one == nullptr || !read(*one, "row", flag.row) || !read(*one, "column", flag.column) ||
        !read(*one, "value", flag.value) || !read(*one, "flag", flag.flag) ||
        !read(*one, "message", flag.message)) {
      return false;
    }
    read(*one, "sheet", flag.sheet);
    read(*one, "explanation", flag.explanation);
    flags.push_back(std::move(flag));
  }
  return true;
}

// Receipts of older daemons have none of these.
bool read_details(const json::object& object, Receipt& receipt) {
  read(object, "encoding", receipt.encoding);
  read(object, "empty", receipt.empty);
  read(object, "flagged", receipt.flagged);
  read(object, "held", receipt.held);
  read(object, "narrative_only", receipt.wordy);
  read(object, "narratives", receipt.narratives);
  if (const json::value* notes = object.if_contains("notes"); notes && notes->is_array()) {
    for (const json::value& note : notes->get_array()) {
      if (note.is_string()) receipt.notes.emplace_back(std::string_view(note.get_string()));
    }
  }
  return read_flags(object, receipt.flags);
}

std::optional<std::vector<RowError>> errors_of(const json::value* value) {
  if (value == nullptr || !value->is_array()) return std::nullopt;
  const json::array& array = value->get_array();
  std::vector<RowError> errors;
  errors.reserve(array.size());
  for (const json::value& element : array) {
    const json::object* object = element.if_object();
    RowError error;
    if (object == nullptr || !read(*object, "row", error.row) ||
        !read(*object, "column", error.column) || !read(*object, "value", error.value) ||
        !read(*object, "code", error.code) || !read(*object, "message", error.message)) {
      return std::nullopt;
    }
    read(*object, "sheet", error.sheet);
    errors.push_back(std::move(error));
  }
  return errors;
}

}  // namespace

std::string to_json(const Receipt& receipt) {
  std::string out;
  JsonWriter json(out);
  json.begin_object()
      .member("submission", receipt.submission)
      .member("received_at", to_rfc3339(receipt.received_at))
      .member("department", receipt.department)
      .member("rows", receipt.rows)
      .member("accepted", receipt.accepted)
      .member("corrected", receipt.corrected)
      .member("unchanged", receipt.unchanged)
      .member("rejected", receipt.rejected);
  write_errors(json.key("errors"), receipt.errors);
  write_details(json, receipt);
  if (errors_truncated(receipt)) json.member("errors_truncated", true);
  json.end_object();
  return out;
}

std::string dry_run_to_json(const SubmissionResult& result) {
  std::string rows;
  JsonWriter json(rows);
  json.begin_object().member("dry_run", true).key("rows_read").begin_array();
  for (const RowRead& row : result.rows_read) {
    json.begin_object();
    write_sheet(json, row.sheet);
    json.member("row", row.row)
        .member("target", row.target)
        .member("name", row.name)
        .member("programme", row.programme)
        .member("as_of", row.as_of)
        .member("value", row.value)
        .member("unit", row.unit)
        .member("text", row.value_text)
        .member("basis", row.basis)
        .key("notes")
        .begin_array();
    for (const std::string& note : row.notes) json.value(note);
    json.end_array().key("stands");
    row.stands ? json.value(*row.stands) : json.null();
    json.member("becomes", row.becomes).end_object();
  }
  json.end_array().end_object();
  std::string text = to_json(result.receipt);
  text.back() = ',';
  return text += std::string_view(rows).substr(1);
}

std::string details_to_json(const Receipt& receipt) {
  const bool is_plain = receipt.encoding == "UTF-8" && receipt.empty == 0 && receipt.flagged == 0 &&
                        receipt.held == 0 && receipt.notes.empty() && receipt.wordy == 0 &&
                        receipt.narratives == 0;
  if (is_plain) return {};
  std::string out;
  JsonWriter json(out);
  json.begin_object();
  write_details(json, receipt);
  json.end_object();
  return out;
}

bool details_from_json(std::string_view text, Receipt& receipt) {
  boost::system::error_code failure;
  json::monotonic_resource memory;
  const json::value value = json::parse(text, failure, &memory);
  const json::object* object = failure ? nullptr : value.if_object();
  return object != nullptr && read_details(*object, receipt);
}

std::string errors_to_json(const std::vector<RowError>& errors) {
  std::string out;
  JsonWriter json(out);
  write_errors(json, errors);
  return out;
}

std::optional<Receipt> receipt_from_json(std::string_view text) {
  boost::system::error_code failure;
  json::monotonic_resource memory;
  const json::value value = json::parse(text, failure, &memory);
  const json::object* object = failure ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;
  Receipt receipt;
  std::string received_at;
  if (!read(*object, "submission", receipt.submission) ||
      !read(*object, "received_at", received_at) ||
      !read(*object, "department", receipt.department) || !read(*object, "rows", receipt.rows) ||
      !read(*object, "accepted", receipt.accepted) ||
      !read(*object, "corrected", receipt.corrected) ||
      !read(*object, "unchanged", receipt.unchanged) ||
      !read(*object, "rejected", receipt.rejected)) {
    return std::nullopt;
  }
  const auto time = from_rfc3339(received_at);
  auto errors = errors_of(object->if_contains("errors"));
  if (!time || !errors || !read_details(*object, receipt)) return std::nullopt;
  receipt.received_at = *time;
  receipt.errors = std::move(*errors);
  return receipt;
}

std::optional<std::vector<RowRead>> rows_read_from_json(std::string_view text) {
  boost::system::error_code failure;
  json::monotonic_resource memory;
  const json::value value = json::parse(text, failure, &memory);
  const json::object* object = failure ? nullptr : value.if_object();
  const json::value* said = object != nullptr ? object->if_contains("dry_run") : nullptr;
  const json::value* rows = object != nullptr ? object->if_contains("rows_read") : nullptr;
  if (said == nullptr || !said->is_bool() || !said->get_bool()) return std::nullopt;
  if (rows == nullptr || !rows->is_array()) return std::nullopt;
  std::vector<RowRead> read_rows;
  for (const json::value& element : rows->get_array()) {
    const json::object* one = element.if_object();
    RowRead row;
    if (one == nullptr || !read(*one, "row", row.row) || !read(*one, "target", row.target) ||
        !read(*one, "name", row.name) || !read(*one, "as_of", row.as_of) ||
        !read(*one, "text", row.value_text) || !read(*one, "becomes", row.becomes)) {
      return std::nullopt;
    }
    read(*one, "sheet", row.sheet);
    read(*one, "programme", row.programme);
    read(*one, "unit", row.unit);
    read(*one, "basis", row.basis);
    std::string stands;
    if (read(*one, "stands", stands)) row.stands = std::move(stands);
    if (const json::value* number = one->if_contains("value"); number && number->is_number()) {
      row.value = number->to_number<double>();
    }
    if (const json::value* notes = one->if_contains("notes"); notes && notes->is_array()) {
      for (const json::value& note : notes->get_array()) {
        if (note.is_string()) row.notes.emplace_back(std::string_view(note.get_string()));
      }
    }
    read_rows.push_back(std::move(row));
  }
  return read_rows;
}

std::optional<std::vector<RowError>> errors_from_json(std::string_view text) {
  boost::system::error_code failure;
  json::monotonic_resource memory;
  const json::value value = json::parse(text, failure, &memory);
  if (failure) return std::nullopt;
  return errors_of(&value);
}

std::string error_message(std::string_view text) {
  boost::system::error_code failure;
  const json::value value = json::parse(text, failure);
  const json::object* object = failure ? nullptr : value.if_object();
  const json::value* error = object != nullptr ? object->if_contains("error") : nullptr;
  std::string message;
  if (error != nullptr && error->is_object()) read(error->get_object(), "message", message);
  return message;
}

std::string error_json(std::string_view code, std::string_view message) {
  std::string out;
  JsonWriter json(out);
  json.begin_object().key("error").begin_object().member("code", code).member("message", message);
  json.end_object().end_object();
  return out;
}

}  // namespace districtd
