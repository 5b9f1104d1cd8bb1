// The receipt as departments and programs see it. docs/api.md describes the fields.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/submission.h"

namespace districtd {

// {"submission","received_at","department","rows","accepted","corrected","unchanged","rejected",
//  "errors":[{"row","column","value","code","message"}],"encoding","empty","flagged","held",
//  "flags":[{"row","column","value","flag","message"}],"notes":[..]}, one line, UTF-8. Where
//  several
// sheets of a workbook were read, errors and flags begin with "sheet". Where more
// rows were refused than a receipt lists, "errors_truncated": true follows.
std::string to_json(const Receipt& receipt);

// The errors alone, as the array above; what the store keeps of a receipt.
std::string errors_to_json(const std::vector<RowError>& errors);

// The members from "encoding" to "notes" as an object, likewise; "" where there is nothing in them
// but UTF-8. The inverse sets them; false where the text is no such JSON.
std::string details_to_json(const Receipt& receipt);
bool details_from_json(std::string_view text, Receipt& receipt);

// The inverses, for the store and the clerk's client; nullopt where the text is no such JSON.
std::optional<Receipt> receipt_from_json(std::string_view text);
std::optional<std::vector<RowError>> errors_from_json(std::string_view text);

// Of a dry run: the receipt with "dry_run": true and
// "rows_read":[{"row","target","name","programme",
// "as_of","value","unit","text","basis","notes","stands","becomes"}], each a RowRead. The inverse
// gives the rows; nullopt where the text is no such answer, and so was no dry run.
std::string dry_run_to_json(const SubmissionResult& result);
std::optional<std::vector<RowRead>> rows_read_from_json(std::string_view text);

// {"error":{"code":..,"message":..}}, the answer of every refused request that has no receipt.
std::string error_json(std::string_view code, std::string_view message);

// The message of such an answer; "" of anything else.
std::string error_message(std::string_view text);

}  // namespace districtd
