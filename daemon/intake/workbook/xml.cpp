#include "daemon/intake/workbook/xml.h"

#include <expat.h>

#include <charconv>
#include <cstring>
#include <limits>
#include <new>

namespace districtd {

namespace {

constexpr const char* kBroken = "内容不完整或已损坏";

// Expat reads a token anew with each piece until it is whole; a longer one would take for ever.
constexpr std::int64_t kMostTokenBytes = 4LL << 20U;

}  // namespace

std::string_view XmlAttributes::operator[](std::string_view name) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    const bool is_name = std::strncmp(*pair, name.data(), name.size()) == 0;
    if (is_name && (*pair)[name.size()] == '\0') return pair[1];
  }
  return {};
}

std::string_view XmlAttributes::with_any_prefix(std::string_view name) const {
  for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
    if (name == local_name(*pair)) return pair[1];
  }
  return {};
}

void XmlReader::Free::operator()(XML_ParserStruct* parser) const { XML_ParserFree(parser); }

template <typename Call>
void XmlReader::guarded(Call call) {
  if (thrown_) return;
  try {
    call();
  } catch (...) {
    thrown_ = std::current_exception();
    XML_StopParser(parser_.get(), XML_FALSE);
  }
}

XmlReader::XmlReader(XmlHandler& handler) : handler_(handler), parser_(XML_ParserCreate(nullptr)) {
  if (!parser_) throw std::bad_alloc();
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(
      parser_.get(),
      [](void* self, const XML_Char* name, const XML_Char** attributes) {
        auto& reader = *static_cast<XmlReader*>(self);
        reader.guarded([&] { reader.handler_.start(local_name(name), XmlAttributes(attributes)); });
      },
      [](void* self, const XML_Char* name) {
        auto& reader = *static_cast<XmlReader*>(self);
        reader.guarded([&] { reader.handler_.end(local_name(name)); });
      });
  XML_SetCharacterDataHandler(parser_.get(), [](void* self, const XML_Char* text, int size) {
    auto& reader = *static_cast<XmlReader*>(self);
    reader.guarded([&] { reader.handler_.text({text, static_cast<std::size_t>(size)}); });
  });
  XML_SetStartDoctypeDeclHandler(
      parser_.get(), [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
        XML_StopParser(static_cast<XmlReader*>(self)->parser_.get(), XML_FALSE);
      });
}

void XmlReader::parse(std::string_view piece, bool is_last) {
  // Whole parts have their limit; XML_Parse takes an int.
  const std::size_t most = is_last ? std::numeric_limits<int>::max() : 1U << 20U;
  do {
    const std::string_view now = piece.substr(0, most);
    piece.remove_prefix(now.size());
    fed_ += static_cast<std::int64_t>(now.size());
    const bool is_end = is_last && piece.empty();
    const XML_Status status =
        XML_Parse(parser_.get(), now.data(), static_cast<int>(now.size()), is_end ? 1 : 0);
    if (thrown_) std::rethrow_exception(thrown_);
    if (status != XML_STATUS_OK) {
      if (XML_GetErrorCode(parser_.get()) == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
      throw DamagedWorkbook(kBroken);
    }
    if (!is_end && fed_ - XML_GetCurrentByteIndex(parser_.get()) > kMostTokenBytes) {
      throw DamagedWorkbook(kBroken);
    }
  } while (!piece.empty());
}

bool read_whole(std::string_view text, std::size_t& number) {
  std::size_t read = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  number = read;
  return true;
}

}  // namespace districtd
