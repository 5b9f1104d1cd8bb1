// XML as the parts of a workbook have it: Expat, piece by piece, without document types.
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

struct XML_ParserStruct;

namespace districtd {

// The workbook cannot be read; what() says why, in Chinese, for the clerk.
class DamagedWorkbook : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The name without the prefix of its namespace: "row" of "x:row".
std::string_view local_name(std::string_view name);

// The attributes of one element, until the handler returns.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}

  // The value of the attribute that has no prefix; "" where there is none.
  std::string_view operator[](std::string_view name) const;
  // Likewise, whatever its prefix is: "id" finds "r:id".
  std::string_view with_any_prefix(std::string_view name) const;

 private:
  const char* const* pairs_;  // name, value, ..., nullptr
};

// What reads one part. Names come without their prefix. The handlers may throw.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void start(std::string_view name, const XmlAttributes& attributes) = 0;
  virtual void end(std::string_view /*name*/) {}
  virtual void text(std::string_view /*text*/) {}  // a text may come in several pieces
};

// Feeds one part to a handler. Throws DamagedWorkbook where it is not well formed, has a document
// type (ECMA-376 part 2, 7.2.2 allows none, and with it come entities of one's own) or a tag or
// comment beyond any measure, and what the handler throws.
class XmlReader {
 public:
  explicit XmlReader(XmlHandler& handler);
  void feed(std::string_view piece) { parse(piece, false); }
  void finish() { parse({}, true); }

 private:
  struct Free {
    void operator()(XML_ParserStruct* parser) const;
  };

  void parse(std::string_view piece, bool is_last);
  template <typename Call>
  void guarded(Call call);

  XmlHandler& handler_;
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  std::exception_ptr thrown_;  // by the handler: no exception may pass through Expat
  std::int64_t fed_ = 0;       // bytes
};

// XML Schema part 2, 3.2.2.
inline bool is_true(std::string_view flag) { return flag == "1" || flag == "true"; }

// A whole number without a sign. False where the text is none; `number` is then as it was.
bool read_whole(std::string_view text, std::size_t& number);

}  // namespace districtd
