#include "gate/starter/status.h"

#include <algorithm>
#include <cstddef>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_join.h>

namespace slogate {
namespace {

using Words = std::vector<std::string>;

// The codes of gRPC in their order, as Go writes them and as the specification does. Those by which
// a server says that it failed are bad; the others are the caller's own doing.
const Words kGrpcNames = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};
const Words kGrpcConstants = {
    "OK",        "CANCELLED",      "UNKNOWN",           "INVALID_ARGUMENT",   "DEADLINE_EXCEEDED",
    "NOT_FOUND", "ALREADY_EXISTS", "PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION",
    "ABORTED",   "OUT_OF_RANGE",   "UNIMPLEMENTED",     "INTERNAL",           "UNAVAILABLE",
    "DATA_LOSS", "UNAUTHENTICATED"};
const Words kGrpcNumbers = {"0", "1",  "2",  "3",  "4",  "5",  "6",  "7", "8",
                            "9", "10", "11", "12", "13", "14", "15", "16"};
constexpr size_t kServerFaults[] = {2, 4, 12, 13, 14, 15};

// Words that mean a failure wherever they stand, in lower case.
const Words kFailures = {"error",     "errors",  "err",   "failure", "failures",
                         "failed",    "fail",    "ko",    "timeout", "server_error",
                         "exception", "aborted", "fault", "crashed"};

bool Has(const Words& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// 200, 503, or a class of them: 2xx.
bool IsHttpStatus(const std::string& value) {
  const std::string lower = absl::AsciiStrToLower(value);
  return lower.size() == 3 && lower[0] >= '1' && lower[0] <= '5' &&
         (lower.substr(1) == "xx" || (absl::ascii_isdigit(static_cast<unsigned char>(lower[1])) &&
                                      absl::ascii_isdigit(static_cast<unsigned char>(lower[2]))));
}

// The spelling that has all `values`, one of them other than OK; null where there is none.
const Words* GrpcSpelling(const std::string& label, const std::set<std::string>& values) {
  const bool grpc = absl::StrContains(label, "grpc");
  for (const Words* names : {&kGrpcNames, &kGrpcConstants, &kGrpcNumbers}) {
    if (names == &kGrpcNumbers && !grpc) continue;  // any small number would be one
    const bool all = std::all_of(values.begin(), values.end(),
                                 [&](const std::string& value) { return Has(*names, value); });
    const bool only_ok = values.size() == 1 && *values.begin() == "OK";
    if (all && (grpc || !only_ok)) return names;
  }
  return nullptr;
}

Matcher OneOf(const std::string& label, const Words& words) {
  return {label, words.size() == 1 ? "=" : "=~", absl::StrJoin(words, "|")};
}

}  // namespace

const std::vector<std::string>& StatusLabels() {
  static const std::vector<std::string> labels = {
      "code",         "status_code",   "http_status_code", "http_response_status_code",
      "grpc_code",    "grpc_status",   "status",           "http_status",
      "status_class", "response_code", "code_class",       "grpc_response_status",
      "outcome",      "result"};
  return labels;
}

std::optional<Matcher> BadEvents(const std::string& label, const std::set<std::string>& values) {
  if (values.empty()) return std::nullopt;
  if (const Words* names = GrpcSpelling(label, values)) {
    Words bad;
    for (const size_t fault : kServerFaults) bad.push_back((*names)[fault]);
    return OneOf(label, bad);
  }
  if (std::any_of(values.begin(), values.end(), IsHttpStatus)) return Matcher{label, "=~", "5.."};
  Words bad;
  for (const std::string& value : values) {
    if (Has(kFailures, absl::AsciiStrToLower(value))) bad.push_back(value);
  }
  if (bad.empty()) return std::nullopt;
  return OneOf(label, bad);
}

}  // namespace slogate
