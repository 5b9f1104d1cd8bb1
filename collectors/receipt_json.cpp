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
      .member("held", receipt.held)
      .key("flags")
      .begin_array();
  for (const RowFlag& flag : receipt.flags) {
    json.begin_object();
    write_sheet(json, flag.sheet);
    json.member("row", flag.row)
        .member("column", flag.column)
        .member("value", flag.value)
        .member("flag", flag.flag)
        .member("message", flag.message)
        .end_object();
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

std::string details_to_json(const Receipt& receipt) {
  const bool is_plain = receipt.encoding == "UTF-8" && receipt.empty == 0 && receipt.flagged == 0 &&
                        receipt.held == 0 && receipt.notes.empty();
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
