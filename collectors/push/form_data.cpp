#include "collectors/push/form_data.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/media_type.h"
#include "base/text.h"

namespace districtd {

namespace {

// The value of a parameter of a header: boundary=x, filename="a.csv"; "" where there is none.
std::string_view parameter_of(std::string_view header, std::string_view name) {
  const std::string lower = lower_ascii(header);
  for (std::size_t at = lower.find(name); at != std::string::npos; at = lower.find(name, at + 1)) {
    const bool begins = at > 0 && (lower[at - 1] == ';' || lower[at - 1] == ' ');
    std::size_t value = at + name.size();
    if (!begins || value >= lower.size() || lower[value] != '=') continue;
    ++value;
    if (value < header.size() && header[value] == '"') {
      const std::size_t end = header.find('"', value + 1);
      return header.substr(value + 1, std::min(end, header.size()) - value - 1);
    }
    return trim_blanks(
        header.substr(value, std::min(header.find(';', value), header.size()) - value));
  }
  return {};
}

struct Part {
  bool is_file = false;
  bool is_plain = true;  // its bytes are the content's
  std::string media_type;
  std::string_view content;
};

// The lines of a part's headers, up to the blank one; what follows is left in `part`.
Part read_headers(std::string_view& part) {
  Part read;
  while (!part.empty()) {
    const std::size_t end = std::min(part.find('\n'), part.size());
    const std::string_view line = trim_ascii(part.substr(0, end));
    part.remove_prefix(std::min(end + 1, part.size()));
    if (line.empty()) break;
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string name = lower_ascii(line.substr(0, colon));
    const std::string_view value = trim_blanks(line.substr(std::min(colon + 1, line.size())));
    if (name == "content-type") read.media_type = parse_media_type(value).type;
    if (name == "content-transfer-encoding") {
      const std::string encoding = lower_ascii(value);
      read.is_plain = encoding == "binary" || encoding == "8bit" || encoding == "7bit";
    }
    if (name == "content-disposition") {
      read.is_file =
          !parameter_of(value, "filename").empty() || !parameter_of(value, "filename*").empty();
    }
  }
  return read;
}

// Where the next delimiter line begins, from `from` on; npos where there is none.
std::size_t find_delimiter(std::string_view body, std::string_view delimiter, std::size_t from) {
  for (std::size_t at = body.find(delimiter, from); at != body.npos;
       at = body.find(delimiter, at + 1)) {
    if (at == 0 || body[at - 1] == '\n') return at;
  }
  return body.npos;
}

}  // namespace

std::string form_boundary(std::string_view content_type) {
  if (parse_media_type(content_type).type != "multipart/form-data") return {};
  return std::string(parameter_of(content_type, "boundary"));
}

Result<FormFile, std::string> file_of_form(std::string_view body, std::string_view boundary) {
  const std::string delimiter = "--" + std::string(boundary);
  std::vector<Part> parts;
  std::size_t at = find_delimiter(body, delimiter, 0);
  while (at != body.npos && !body.substr(at + delimiter.size()).starts_with("--")) {
    const std::size_t line_end = body.find('\n', at);
    const std::size_t next = find_delimiter(body, delimiter, at + delimiter.size());
    if (line_end == body.npos || next == body.npos) break;
    std::string_view part = body.substr(line_end + 1, next - line_end - 1);
    // The line end before a delimiter belongs to it.
    if (part.ends_with('\n')) part.remove_suffix(1);
    if (part.ends_with('\r')) part.remove_suffix(1);
    Part read = read_headers(part);
    read.content = part;
    parts.push_back(std::move(read));
    at = next;
  }
  const bool is_whole = at != body.npos && body.substr(at + delimiter.size()).starts_with("--");
  if (!is_whole) return std::string("表单不完整，没有结尾；请重新报送。");
  // A file's field in which nothing was chosen has no name and no content.
  const auto files =
      std::count_if(parts.begin(), parts.end(), [](const Part& part) { return part.is_file; });
  if (files > 1) return std::string("表单里不止一个文件；一次报送一个，请分几次报送。");
  const auto file = files == 1 ? std::find_if(parts.begin(), parts.end(),
                                              [](const Part& part) { return part.is_file; })
                               : parts.begin();
  if (files == 0 && parts.size() != 1) return std::string("表单里没有文件；请选择要报送的文件。");
  if (!file->is_plain) {
    return std::string("表单里的文件另作了编码（Content-Transfer-Encoding）；请按原样报送。");
  }
  return FormFile{file->content, std::move(file->media_type)};
}

}  // namespace districtd
