// The one door in. A collector obtains bytes, says who sent them and how, and hands them to a
// SubmissionSink; what becomes of each row comes back as a Receipt.
//
// collectors/ knows this header and nothing of daemon/; see docs/architecture.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace districtd {

// One file or request as it was received. `body` is untouched: decoding is Intake's work.
struct Submission {
  std::string department;  // id of the sending department, already authenticated by the collector
  std::string collector;   // CollectorKind::name, such as "csv_drop"; a metric label
  std::string media_type;  // "text/csv", "application/json"; lower case, without parameters
  std::string name;        // file name, URL or peer address: where a person would look for it
  std::string body;
  // What tells this delivery from every other of the same collector and department; "" where
  // nothing does. One whose key was used before is not taken again: it is answered with what became
  // of the first one, across restarts, until close_delivery().
  std::string key = {};
  std::string request = {};  // id of the HTTP request it came by, for the log; "" without
  // Set, beside `key`, where the same content is fetched again and again: what the deliveries have
  // in common, such as the name of a page's source. Then the delivery of a key lasts until another
  // key of the series comes; close_delivery() is not needed. Where rows of it were refused, it is
  // read anew when it comes again, and only what was refused before is added: no row for whose
  // target and as_of anything was recorded since it came first.
  std::string series = {};
  // The programme (年度) that its rows are of where they do not say it themselves; "" where nothing
  // does: their days say it.
  std::string programme = {};
  // Nothing is kept of it, it takes no number and uses up no key: the answer says how it was read
  // and what would become of it (SubmissionResult::rows_read).
  bool is_dry_run = false;
};

// Why one row, or the whole submission, was refused.
struct RowError {
  // As Excel numbers them: the header is row 1. 0: the submission as a whole. JSON: the
  // observation's position from 1.
  std::int64_t row = 0;
  std::string column;   // the column as its header calls it; empty where no one column is at fault
  std::string value;    // the offending text, cut to 200 bytes at a character boundary
  std::string code;     // stable, [a-z_]+, for programs; docs/api.md lists them
  std::string message;  // one Chinese sentence for the clerk: what is wrong and what was expected
  std::string sheet = {};  // of a workbook of which several were read; "" otherwise
};

// A row that was refused, with its cells as they came, so that a collector can give it back;
// without cells where they are too large for that.
struct RefusedRow {
  std::int64_t row = 0;
  std::vector<std::string> cells;
  std::string sheet = {};  // as in RowError
  // Not refused itself: a header or a remark within the table, by which the rows below it are read.
  bool is_context = false;
};

// A row that was read but is implausible, so that someone looks at it.
struct RowFlag {
  std::int64_t row = 0;          // as in RowError
  std::string column;            // likewise
  std::string value;             // in the catalogue's unit: "12.6亿元"
  std::string flag;              // decrease, jump, over_100_percent or repeated
  std::string message;           // one Chinese sentence: what is odd, and what becomes of the row
  std::string sheet = {};        // as in RowError
  std::string explanation = {};  // the row's own, where it is one: why the figure is so
};

// What became of one submission. rows == accepted + corrected + unchanged + rejected + held.
struct Receipt {
  // The most errors that one receipt lists; the counts go on counting.
  static constexpr std::size_t kMostErrors = 10'000;

  std::string submission;  // id, unique for ever: "20260708-42"
  Time received_at{};
  std::string department;
  std::int64_t rows = 0;       // data rows; blank rows do not count
  std::int64_t accepted = 0;   // first value for its target and as_of
  std::int64_t corrected = 0;  // replaced an earlier, different value, which stays in the record
  std::int64_t unchanged = 0;  // said again what was known
  std::int64_t rejected = 0;
  std::int64_t held = 0;        // read, but waiting for the supervision office to confirm it
  std::int64_t empty = 0;       // rows (cells of a wide table) that say that there is no value yet
  std::int64_t wordy = 0;       // rows that say something in words and have no figure: no reports
  std::int64_t narratives = 0;  // rows whose words are kept: 进展情况, 存在问题, 下一步打算
  std::int64_t flagged = 0;  // of those accepted, corrected or held
  std::string encoding;      // "UTF-8", "GB18030", "UTF-16LE", "UTF-16BE", "XLSX"; "": unreadable
  std::vector<RowError> errors;    // in order of sheet and row, at most kMostErrors
  std::vector<RowFlag> flags;      // at most kMostErrors
  std::vector<std::string> notes;  // what was assumed in reading it: Chinese sentences, a few
  // For NAME.errors.csv: the rows above the header, which may say the unit, and the header.
  std::vector<std::vector<std::string>> preamble;
  std::vector<std::string> header;  // empty for JSON
  std::vector<RefusedRow> refused;  // beside `errors`; not part of the receipt's JSON
};

// How one row of a dry run was read. Of a wide table each figure is one.
struct RowRead {
  std::int64_t row = 0;    // as in RowError
  std::string sheet = {};  // likewise
  std::string target;      // id
  std::string name;
  std::string programme;
  std::string as_of;                  // "2026-06-30"
  std::optional<double> value;        // in `unit`; nullopt of a pledge, a withdrawal and words
  std::string unit;                   // the catalogue's
  std::string value_text;             // for people: "12.6亿元", "撤回", "已报送"
  std::string basis;                  // "actual", "projected"; "" of words alone
  std::vector<std::string> notes;     // what was assumed in reading it
  std::optional<std::string> stands;  // for people: what counts for that day now; nullopt: nothing
  // What would become of it: accepted, corrected, unchanged, held, or narrative: words alone. What
  // is refused is in the receipt's errors.
  std::string becomes;
};

// How many rows the errors are of.
std::int64_t rows_listed(const std::vector<RowError>& errors);

// What the sink made of a submission.
enum class Outcome {
  taken,        // at least one row is accepted, corrected or unchanged, or says words
  refused,      // it could be read, but no row was taken
  unreadable,   // the bytes are no CSV or JSON at all: errors[0] says why
  unavailable,  // nothing was kept, the same submission may be sent again: `reason` says why
  conflict,     // nothing was kept: its key was used before, for another body
};

// "taken", "refused", "unreadable", "unavailable", "conflict": the word of metrics and of the
// store.
std::string_view to_string(Outcome outcome);

struct SubmissionResult {
  Outcome outcome = Outcome::unavailable;
  Receipt receipt;         // whole for taken, refused and unreadable
  std::string reason;      // only for unavailable; Chinese, one sentence
  bool is_repeat = false;  // its key was used before, and nothing is new: outcome and receipt are
                           // those of then
  // Of a dry run, in order of sheet and row, at most Receipt::kMostErrors.
  std::vector<RowRead> rows_read = {};
};

// Takes submissions in. Implemented by the pipeline.
//
// Thread: submit() is called on the event loop's thread and returns at once; `done` is called
// exactly once, later, on the same thread. When `done` says taken, the rows are on disk and the
// board shows them.
class SubmissionSink {
 public:
  using Done = std::function<void(SubmissionResult)>;
  virtual ~SubmissionSink() = default;
  virtual void submit(Submission submission, Done done) = 0;

  // A collector refused a delivery itself, without a submission: for the counts.
  virtual void refused(const std::string& /*collector*/, const Receipt& /*receipt*/) {}

  // The delivery with this key cannot come a second time by mistake any more; what comes under its
  // key from now on is a new one. Durable soon; until then a crash leaves it open.
  virtual void close_delivery(const std::string& /*collector*/, const std::string& /*department*/,
                              const std::string& /*key*/) {}
};

}  // namespace districtd
