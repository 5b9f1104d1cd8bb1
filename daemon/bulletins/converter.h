// The programs that make PDF and DOCX out of HTML: WeasyPrint and pandoc, run as child processes.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace districtd {

// The program's file, looked for in the directories of PATH; nullopt where none has it.
std::optional<std::filesystem::path> find_program(const std::string& name);

// Runs the program without a shell and waits until it ends. Kills it and its children after
// `timeout` or when `stop` is requested. `source_date` is SOURCE_DATE_EPOCH, so that the same page
// gives the same bytes. Returns "" where it ended well, else one sentence with what it said.
// Blocks: not on the event loop.
std::string run_converter(const std::vector<std::string>& command, std::chrono::seconds timeout,
                          std::chrono::sys_seconds source_date, const std::stop_token& stop = {});

// The commands: an HTML file to a file beside it.
std::vector<std::string> pdf_command(const std::filesystem::path& program,
                                     const std::filesystem::path& html,
                                     const std::filesystem::path& pdf);
// `reference` gives the styles and the page, where it is there.
std::vector<std::string> docx_command(const std::filesystem::path& program,
                                      const std::filesystem::path& html,
                                      const std::filesystem::path& docx,
                                      const std::filesystem::path& reference);

// The page without what a text processor cannot take: charts and style.
std::string for_text_processor(std::string html);

}  // namespace districtd
