#include "daemon/extract/text/documents.h"

#include <expat.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "base/ports/files.h"
#include "base/text.h"
#include "base/utf8.h"
#include "daemon/intake/zip_directory.h"

namespace districtd::extract {

namespace {

constexpr std::size_t kLargest = 256UL << 20U;  // bytes of text that a document may give

// ---- HTML ----

std::string_view tag_name(std::string_view tag) {
  std::size_t i = tag.starts_with('/') ? 1 : 0;
  const std::size_t begin = i;
  while (i < tag.size() && ((tag[i] >= 'a' && tag[i] <= 'z') || (tag[i] >= 'A' && tag[i] <= 'Z') ||
                            (tag[i] >= '0' && tag[i] <= '9'))) {
    ++i;
  }
  return tag.substr(begin, i - begin);
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// &nbsp; &#160; &#x4e00; at text[i]; moves behind it. False where it is none.
bool decode_entity(std::string_view text, std::size_t& i, std::string& out) {
  const auto end = text.find(';', i);
  constexpr std::size_t kLongest = 10;
  if (end == std::string_view::npos || end - i > kLongest) return false;
  const std::string name{text.substr(i + 1, end - i - 1)};
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> kNames = {
      {{"nbsp", " "},
       {"amp", "&"},
       {"lt", "<"},
       {"gt", ">"},
       {"quot", "\""},
       {"apos", "'"},
       {"ldquo", "“"},
       {"rdquo", "”"},
       {"lsquo", "‘"},
       {"rsquo", "’"},
       {"mdash", "—"},
       {"ndash", "–"},
       {"hellip", "…"},
       {"middot", "·"},
       {"ensp", " "},
       {"emsp", "　"}}};
  for (const auto& [entity, said] : kNames) {
    if (name != entity) continue;
    out += said;
    i = end + 1;
    return true;
  }
  if (!name.starts_with('#') || name.size() < 2) return false;
  const bool is_hex = name[1] == 'x' || name[1] == 'X';
  char* stop = nullptr;
  const auto value = std::strtoul(name.c_str() + (is_hex ? 2 : 1), &stop, is_hex ? 16 : 10);
  if (*stop != '\0' || value == 0 || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) {
    return false;
  }
  utf8::append(out, static_cast<char32_t>(value));
  i = end + 1;
  return true;
}

class Page {
 public:
  explicit Page(std::string_view page) : page_(page) {}

  std::string text() {
    for (std::size_t i = 0; i < page_.size();) {
      if (page_[i] == '<' && begins_tag(i)) {
        i = take_tag(i);
      } else if (page_[i] == '&' && decode_entity(page_, i, out_)) {
        continue;
      } else {
        // A newline in the source says nothing.
        const char c = page_[i++];
        const bool is_blank = c == '\n' || c == '\r' || c == '\t' || c == ' ';
        if (!is_blank) {
          out_ += c;
        } else if (!out_.empty() && out_.back() != ' ' && out_.back() != '\n' &&
                   out_.back() != '\t') {
          out_ += ' ';
        }
      }
    }
    return std::move(out_);
  }

 private:
  bool begins_tag(std::size_t i) const {
    const char next = i + 1 < page_.size() ? page_[i + 1] : ' ';
    return next == '/' || next == '!' || next == '?' || (next >= 'a' && next <= 'z') ||
           (next >= 'A' && next <= 'Z');
  }

  std::size_t take_tag(std::size_t i) {
    if (page_.substr(i).starts_with("<!--")) {
      const auto end = page_.find("-->", i);
      return end == std::string_view::npos ? page_.size() : end + 3;
    }
    const auto close = page_.find('>', i);
    if (close == std::string_view::npos) return page_.size();
    const auto tag = page_.substr(i + 1, close - i - 1);
    const std::string name = lower_ascii(tag_name(tag));
    const bool is_end = tag.starts_with('/');
    if (!is_end && is_one_of(name, {"script", "style", "head", "noscript", "select"})) {
      const auto end = find_end(close, name);
      // A head that is not closed holds nothing back.
      if (end != std::string_view::npos) return end;
    }
    if (is_one_of(name, {"td", "th"})) {
      if (!is_end && cells_++ > 0) out_ += '\t';
    } else if (name == "tr") {
      cells_ = 0;
      in_row_ = !is_end;
      break_line();
    } else if (is_one_of(name, {"p", "div", "br", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table",
                                "section", "article", "ul", "ol", "title", "body"})) {
      if (!in_row_) break_line();
    }
    return close + 1;
  }

  std::size_t find_end(std::size_t from, const std::string& name) const {
    for (auto at = page_.find("</", from); at != std::string_view::npos;
         at = page_.find("</", at + 2)) {
      if (lower_ascii(tag_name(page_.substr(at + 1, 12))) != name) continue;
      const auto close = page_.find('>', at);
      return close == std::string_view::npos ? page_.size() : close + 1;
    }
    return std::string_view::npos;
  }

  void break_line() {
    while (!out_.empty() && out_.back() == ' ') out_.pop_back();
    if (!out_.empty() && out_.back() != '\n') out_ += '\n';
  }

  std::string_view page_;
  std::string out_;
  int cells_ = 0;
  bool in_row_ = false;
};

// ---- Word ----

// word/document.xml: w:p is a paragraph, w:t its text, w:tr a row and w:tc a cell.
class WordText {
 public:
  std::string take() { return std::move(out_); }
  bool is_too_large() const { return out_.size() > kLargest; }

  void start(std::string_view name) {
    if (name == "w:t") in_text_ = true;
    if (name == "w:tab") out_ += ' ';
    if (name == "w:br" || name == "w:cr") out_ += cells_.empty() ? '\n' : ' ';
    if (name == "w:tr") cells_.push_back(0);
    if (name == "w:tc" && !cells_.empty() && cells_.back()++ > 0) out_ += '\t';
  }
  void end(std::string_view name) {
    if (name == "w:t") in_text_ = false;
    if (name == "w:p") out_ += cells_.empty() ? '\n' : ' ';
    if (name == "w:tr" && !cells_.empty()) {
      cells_.pop_back();
      out_ += cells_.empty() ? '\n' : ' ';
    }
  }
  void characters(std::string_view text) {
    if (in_text_) out_ += text;
  }

 private:
  std::string out_;
  bool in_text_ = false;
  std::vector<int> cells_;  // of the open rows, one in another
};

WordText& word_of(void* user) { return *static_cast<WordText*>(user); }

}  // namespace

bool is_html(std::string_view beginning) {
  const std::string head = lower_ascii(trim(beginning.substr(0, 4096)));
  if (head.starts_with("<!doctype html") || head.starts_with("<html")) return true;
  std::size_t tags = 0;
  for (const std::string_view tag : {"<p>", "<p ", "</p>", "<div", "<br", "<span", "<table", "<td",
                                     "<body", "<meta", "<h1", "<li"}) {
    if (head.find(tag) != std::string::npos) ++tags;
  }
  return tags >= 2 && head.find('>') != std::string::npos;
}

std::string text_of_html(std::string_view page) { return Page(page).text(); }

Result<std::string, NoText> text_of_docx(std::string_view archive) {
  const auto directory = read_zip_directory(archive);
  if (!directory)
    return NoText{
        "这个压缩格式的文件(docx、xlsx)已损坏,打不开;请重新另存为 .docx 或“纯文本(.txt)”。"};
  const ZipEntry* document = nullptr;
  for (const ZipEntry& entry : directory->entries) {
    if (entry.name == "word/document.xml") document = &entry;
    if (entry.name == "xl/workbook.xml") {
      return NoText{"这是 Excel 文件(xlsx),不是报告;请把要抽取的表复制成文本(.txt)再抽取。"};
    }
  }
  if (document == nullptr) {
    return NoText{"这不是 Word 文件(docx),里面没有正文;请另存为“纯文本(.txt)”再抽取。"};
  }
  if (directory->is_encrypted || document->unpacked > kLargest) {
    return NoText{"这个 Word 文件加了密或大得反常;请另存为“纯文本(.txt)”再抽取。"};
  }
  const auto xml = unpack(archive, *document);
  if (!xml) return NoText{"这个 Word 文件(docx)已损坏,正文解不开;请重新另存。"};
  WordText text;
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(
      XML_ParserCreate(nullptr), XML_ParserFree);
  XML_SetUserData(parser.get(), &text);
  XML_SetElementHandler(
      parser.get(),
      [](void* user, const XML_Char* name, const XML_Char**) { word_of(user).start(name); },
      [](void* user, const XML_Char* name) { word_of(user).end(name); });
  XML_SetCharacterDataHandler(parser.get(), [](void* user, const XML_Char* data, int size) {
    word_of(user).characters({data, static_cast<std::size_t>(size)});
  });
  const bool is_good =
      XML_Parse(parser.get(), xml->data(), static_cast<int>(xml->size()), 1) == XML_STATUS_OK;
  if (!is_good || text.is_too_large()) {
    return NoText{"这个 Word 文件(docx)的正文读不懂;请另存为“纯文本(.txt)”再抽取。"};
  }
  return text.take();
}

Result<std::string, NoText> text_of_pdf(const std::filesystem::path& file) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return NoText{"读 PDF 时开不了管道。"};
  const UniqueFd from(ends[0]);
  UniqueFd to(ends[1]);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, to.get(), STDOUT_FILENO);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  // Without a shell; a name that begins with a dash is a name.
  std::vector<std::string> words = {
      "pdftotext", "-enc", "UTF-8", "-nopgbrk", std::filesystem::absolute(file).string(), "-"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failed =
      ::posix_spawnp(&child, "pdftotext", &files, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failed != 0) {
    return NoText{
        "这是 PDF 文件;装上 poppler-utils(pdftotext)就能直接抽取,或在阅读器里全选复制,存成 .txt。"};
  }
  to = UniqueFd();
  std::string text;
  bool is_read = true;
  while (is_read && text.size() <= kLargest) {
    const auto more = read_some(from, 256UL << 10U);
    is_read = more && !more->empty();
    if (is_read) text += *more;
  }
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return NoText{"pdftotext 读不了这个 PDF(损坏或加了密);请在阅读器里全选复制,存成 .txt。"};
  }
  if (trim(text).empty()) {
    return NoText{"这个 PDF 里没有文字(多半是扫描件);请先做文字识别,存成 .txt 再抽取。"};
  }
  return text;
}

}  // namespace districtd::extract
