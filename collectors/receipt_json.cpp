#include "collectors/receipt_json.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <utility>
#include <boost/json.hpp>

#include "base/time.h"
#include "base/utf8.h"

namespace districtd {
namespace {

namespace json = boost::json;

// A receipt quotes what a department sent, whatever the bytes were, but JSON must be UTF-8.
json::string text_of(std::string_view text, json::storage_ptr storage) {
  return {utf8::repaired(text), std::move(storage)};
}

json::array array_of(const std::vector<RowError>& errors, const json::storage_ptr& storage) {
  json::array array(storage);
  array.reserve(errors.size());
  for (const RowError& error : errors) {
    json::object object(5, storage);
    object.emplace("row", error.row);
    object.emplace("column", text_of(error.column, storage));
    object.emplace("value", text_of(error.value, storage));
    object.emplace("code", text_of(error.code, storage));
    object.emplace("message", text_of(error.message, storage));
    array.emplace_back(std::move(object));
  }
  return array;
}

json::array array_of(const std::vector<RowFlag>& flags, const json::storage_ptr& storage) {
  json::array array(storage);
  array.reserve(flags.size());
  for (const RowFlag& flag : flags) {
    json::object object(5, storage);
    object.emplace("row", flag.row);
    object.emplace("column", text_of(flag.column, storage));
    object.emplace("value", text_of(flag.value, storage));
    object.emplace("flag", text_of(flag.flag, storage));
    object.emplace("message", text_of(flag.message, storage));
    array.emplace_back(std::move(object));
  }
  return array;
}

// What receipts have beside the counts and errors.
void add_details(json::object& object, const Receipt& receipt, const json::storage_ptr& storage) {
  object.emplace("encoding", text_of(receipt.encoding, storage));
  object.emplace("empty", receipt.empty);
  object.emplace("flagged", receipt.flagged);
  object.emplace("held", receipt.held);
  object.emplace("flags", array_of(receipt.flags, storage));
  json::array notes(storage);
  for (const std::string& note : receipt.notes) notes.emplace_back(text_of(note, storage));
  object.emplace("notes", std::move(notes));
}

// Whether rows were refused that the full list of errors does not name.
bool errors_truncated(const Receipt& receipt) {
  if (receipt.errors.size() < Receipt::kMostErrors) return false;
  std::int64_t listed = 0;
  std::int64_t last = 0;
  for (const RowError& error : receipt.errors) {
    if (error.row != 0 && error.row != last) ++listed;
    last = error.row;
  }
  return receipt.rejected > listed;
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
    errors.push_back(std::move(error));
  }
  return errors;
}

}  // namespace

std::string to_json(const Receipt& receipt) {
  std::array<unsigned char, 2048> buffer;
  json::monotonic_resource memory(buffer.data(), buffer.size());
  const json::storage_ptr storage(&memory);
  json::object object(16, storage);
  object.emplace("submission", text_of(receipt.submission, storage));
  object.emplace("received_at", to_rfc3339(receipt.received_at));
  object.emplace("department", text_of(receipt.department, storage));
  object.emplace("rows", receipt.rows);
  object.emplace("accepted", receipt.accepted);
  object.emplace("corrected", receipt.corrected);
  object.emplace("unchanged", receipt.unchanged);
  object.emplace("rejected", receipt.rejected);
  object.emplace("errors", array_of(receipt.errors, storage));
  add_details(object, receipt, storage);
  if (errors_truncated(receipt)) object.emplace("errors_truncated", true);
  return json::serialize(object);
}

std::string details_to_json(const Receipt& receipt) {
  const bool is_plain = receipt.encoding == "UTF-8" && receipt.empty == 0 && receipt.flagged == 0 &&
                        receipt.held == 0 && receipt.notes.empty();
  if (is_plain) return {};
  json::monotonic_resource memory;
  const json::storage_ptr storage(&memory);
  json::object object(6, storage);
  add_details(object, receipt, storage);
  return json::serialize(object);
}

bool details_from_json(std::string_view text, Receipt& receipt) {
  boost::system::error_code failure;
  json::monotonic_resource memory;
  const json::value value = json::parse(text, failure, &memory);
  const json::object* object = failure ? nullptr : value.if_object();
  return object != nullptr && read_details(*object, receipt);
}

std::string errors_to_json(const std::vector<RowError>& errors) {
  if (errors.empty()) return "[]";
  json::monotonic_resource memory;
  return json::serialize(array_of(errors, &memory));
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
  const json::storage_ptr storage;
  return json::serialize(json::object{
      {"error", {{"code", text_of(code, storage)}, {"message", text_of(message, storage)}}}});
}

}  // namespace districtd
