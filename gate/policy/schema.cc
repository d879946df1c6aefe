#include "gate/policy/schema.h"

#include <map>

#include <absl/strings/str_cat.h>

#include "gate/policy/check.h"
#include "gate/policy/policy_types.h"
#include "gate/text/reference.h"
#include "gate/text/schema.h"

namespace slogate {
namespace {

// The diagnostics of reading and decoding files, and of reading the secrets they name; those of
// whole files stand beside their checks.
constexpr DiagnosticDoc kReading[] = {
    {"alias", "YAML aliases (`*name`) are not part of the language."},
    {"anchor", "YAML anchors (`&name`) are not part of the language."},
    {"bad_account",
     "An account is a system that slogate knows, a colon and a name without blanks."},
    {"bad_api_version", "This slogate reads `slogate/v1` only."},
    {"bad_duration",
     "Durations are whole numbers with units in falling order (`1d12h`), or weeks (`4w`)."},
    {"bad_hash", "The hash of a record is 64 digits from 0 to 9 and a to f."},
    {"bad_key", "A key is empty, or a list or mapping stands where a key must."},
    {"bad_name", "A name has characters that names must not have, or is too long."},
    {"bad_number", "A number is not written as plain decimal digits, or is out of range."},
    {"bad_objective", "An objective is written with a percent sign, above 0% and below 100%."},
    {"bad_percentage", "A percentage is a decimal with a percent sign and no blank."},
    {"bad_promql",
     "PromQL is empty, or has what would swallow the text around it; the caret shows where."},
    {"bad_selector", "A selector is not one slogate can count by; the caret shows where."},
    {"bad_text", "A text is empty, too long, or has characters that cannot be seen."},
    {"bad_truth", "`true` or `false` is wanted, without quotes."},
    {"bad_url", "A URL needs http or https and a host; a source's has no query or fragment."},
    {"bad_verdict", "The word is no verdict that may stand here."},
    {"bad_window", "A window is a rolling one of at least a minute, such as `30d`."},
    {"bad_word", "The word is none of those that may stand here."},
    {"byte_order_mark", "The file begins with or holds a byte order mark, or is UTF-16."},
    {"carriage_return",
     "A carriage return stands without a line feed, so that line numbers would be doubtful."},
    {"control_character", "The file holds a control character."},
    {"credential_in_url", "A URL holds a user name or password; those go under `auth`."},
    {"directive", "YAML directives (lines that begin with `%`) are not part of the language."},
    {"duplicate_key", "A key stands twice in one mapping."},
    {"empty_file", "The file has no content."},
    {"empty_list", "A list needs at least one entry."},
    {"empty_mapping", "A mapping needs at least one entry."},
    {"file_too_large", "The file has more than 1 MiB."},
    {"invalid_utf8", "The file is not UTF-8."},
    {"line_separator",
     "The file holds NEL, U+2028 or U+2029, so that line numbers would be doubtful."},
    {"literal_secret", "A secret is written out; a policy only names where one is kept."},
    {"merge_key", "YAML merge keys (`<<`) are not part of the language."},
    {"missing_key", "A mapping lacks a key that it needs."},
    {"no_rules", "The policy has no rules, so nothing would ever close the gate."},
    {"no_source", "The policy names no source to measure with."},
    {"no_value", "A key or an entry of a list has no value, or `null`."},
    {"not_softenable", "This finding may be `hold` or `deny` only."},
    {"nul_character", "The file holds a NUL character."},
    {"one_of", "Several keys stand where exactly one of them may."},
    {"reserved_header", "slogate sets this header itself."},
    {"second_document", "The file goes on after its first document."},
    {"second_policy", "Two files of kind ReleasePolicy are given."},
    {"secret_empty", "A secret that the policy names is empty."},
    {"secret_malformed", "A secret that the policy names holds a control character."},
    {"secret_missing", "A secret that the policy names is not there."},
    {"secret_unreadable", "A secret that the policy names cannot be read."},
    {"tag", "YAML tags (`!name`) are not part of the language."},
    {"too_deep", "Lists and mappings are nested more than 32 levels deep."},
    {"unknown_key", "The key is not known here."},
    {"unknown_kind", "The file's kind is neither ReleasePolicy nor ServiceObjectives."},
    {"unquoted", "A text that other readers of YAML take for a number or a truth needs quotes."},
    {"wrong_kind",
     "A list, a mapping or a text stands where another of them must, or a file is not of the kind "
     "that its flag wants."},
    {"yaml_syntax", "The file is not YAML."},
};

std::string DiagnosticTable() {
  std::map<absl::string_view, absl::string_view> docs;
  for (const DiagnosticDoc& entry : kReading) docs.emplace(entry.id, entry.doc);
  for (const DiagnosticDoc& entry : PolicyDiagnostics()) docs.emplace(entry.id, entry.doc);
  std::string table = "| Id | Meaning |\n|---|---|\n";
  for (const auto& [id, doc] : docs) {
    absl::StrAppend(&table, "| `", id, "` | ", TableCell(std::string(doc)), " |\n");
  }
  return table;
}

}  // namespace

std::optional<std::string> PolicySchema(absl::string_view kind) {
  if (kind == "ReleasePolicy")
    return JsonSchema(*ReleasePolicyType().shape, "slogate ReleasePolicy");
  if (kind == "ServiceObjectives")
    return JsonSchema(*ServiceObjectivesType().shape, "slogate ServiceObjectives");
  return std::nullopt;
}

std::string PolicyReference() {
  return absl::StrCat(
      "# Policy reference\n\n"
      "Generated from the descriptions that also decode the files. Files are UTF-8, YAML (a strict "
      "subset) or "
      "JSON.\n\n",
      ReferencePage({ReleasePolicyType().shape, ServiceObjectivesType().shape}),
      "\n# Diagnostics\n\n", DiagnosticTable());
}

}  // namespace slogate
