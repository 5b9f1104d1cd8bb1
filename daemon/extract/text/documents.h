// Stage 0, documents: what HTML, Word and PDF files say, as text: a paragraph a line, the cells of
// a table's row with tabs between them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace districtd::extract {

// Why a file gives no text, in Chinese, one sentence.
struct NoText {
  std::string why;
};

// Whether the text is a page of HTML rather than prose with signs in it. Pure.
bool is_html(std::string_view beginning);

// The text of a page, UTF-8: without scripts, styles and comments, its entities decoded. Pure.
std::string text_of_html(std::string_view page);

// The paragraphs and tables of a .docx; the error says why there are none (a workbook, a damaged
// file). Pure.
Result<std::string, NoText> text_of_docx(std::string_view archive);

// The text of a PDF by pdftotext, which runs as a child process; the error says how to get it.
// Blocks.
Result<std::string, NoText> text_of_pdf(const std::filesystem::path& file);

}  // namespace districtd::extract
