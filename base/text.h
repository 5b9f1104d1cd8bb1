// Small things about text that every reader of a cell, a header or a file needs. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace districtd {

// Without the blanks that spreadsheets leave around a cell: ASCII white space, the no-break space,
// the ideographic space, the zero-width space and the byte order mark.
std::string_view trim(std::string_view text);

// Without the ASCII white space around it only: line ends too.
std::string_view trim_ascii(std::string_view text);

// Without the blanks and tabs around it (RFC 9110, optional white space).
std::string_view trim_blanks(std::string_view text);

// Removes from the text's beginning the first of the words that it begins with. False where it
// begins with none of them.
bool take_any(std::string_view& text, std::span<const std::string_view> words);

// ASCII letters in lower case, everything else as it is.
std::string lower_ascii(std::string_view text);

// Full-width digits, letters and signs (U+FF01..U+FF5E, "１２．６％") as their ASCII counterparts,
// and the minus sign U+2212 as a hyphen.
std::string narrow(std::string_view text);

// Whether whoever shows the character acts on it and shows nothing: the controls C0, DEL and C1,
// the line separators U+2028 and U+2029, and what turns the direction of writing (Unicode's UAX
// #9), by which a text reads as another one than it is.
bool is_hidden_control(char32_t character);

// Whether there is a control character of ASCII in the text: a tab, a line end, DEL.
bool has_controls(std::string_view text);

// For a terminal and for a log: text from outside on one line, in which nothing is hidden. Hidden
// controls are seen as JSON writes them (\n, \u001b, \u202e), and each byte that is part of no
// character is U+FFFD. What goes to a terminal or to a log in text format passes here.
std::string printable(std::string_view text);

// The same behind `out`; `escapes_quotes`: with a backslash before quotes and backslashes too, as
// between the quotes of JSON.
void append_printable(std::string& out, std::string_view text, bool escapes_quotes = false);

}  // namespace districtd
