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
inline std::string_view local_name(const char* name) {
  const char* begin = name;
  const char* end = name;
  for (; *end != '\0'; ++end) {
    if (*end == ':' && begin == name) begin = end + 1;
  }
  return {begin, static_cast<std::size_t>(end - begin)};
}

// The attributes of one element, until the handler returns.
class XmlAttributes {
 public:
  explicit XmlAttributes(const char* const* pairs) : pairs_(pairs) {}

  // The value of the attribute that has no prefix; "" where there is none.
  std::string_view operator[](std::string_view name) const;
  // Likewise, whatever its prefix is: "id" finds "r:id".
  std::string_view with_any_prefix(std::string_view name) const;
  // Calls `each` with the name and the value, which ends in NUL, of every attribute whose name is
  // one letter: most of what a sheet has, looked at once.
  template <typename Each>
  void for_each_letter(Each each) const {
    for (const char* const* pair = pairs_; *pair != nullptr; pair += 2) {
      if (pair[0][0] != '\0' && pair[0][1] == '\0') each(pair[0][0], pair[1]);
    }
  }

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
  // A part that is there whole: quicker than in pieces, for Expat counts no lines then.
  void read_whole(std::string_view part) { parse(part, true); }

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
