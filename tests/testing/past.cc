#include "tests/testing/past.h"

#include <map>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "gate/base/duration.h"

namespace slogate::fake {
namespace {

using Words = std::map<std::string, std::string>;

std::string Or(const Words& words, const char* key, const char* otherwise) {
  const auto found = words.find(key);
  return found == words.end() ? otherwise : found->second;
}

absl::Duration Length(absl::string_view text) {
  const std::optional<absl::Duration> length = ParseDuration(text);
  EXPECT_TRUE(length) << "no duration: " << text;
  return length.value_or(absl::ZeroDuration());
}

std::vector<std::string> Listed(const std::string& text) {
  return absl::StrSplit(text, ',', absl::SkipEmpty());
}

DecisionMade Decided(const std::string& id, const Words& words, absl::Time at) {
  DecisionMade made;
  made.id = id;
  made.verdict = Or(words, "verdict", "deny");
  made.outcome = Or(words, "outcome", "blocked");
  made.basis = Or(words, "basis", "budget");
  made.enforcement = "enforce";
  made.exit_code = made.outcome == "proceed" ? 0 : 1;
  made.instant = at;
  made.change = Or(words, "change", "feature");
  made.change_claimed = made.change;
  made.policy = {"acme", std::string(64, 'a')};
  for (const std::string& rule : Listed(Or(words, "closed", ""))) {
    const std::vector<std::string> parts = absl::StrSplit(rule, '/');
    made.rules.push_back({parts.front(), parts.back(), Truth::kTrue, Verdict::kDeny, true});
  }
  made.closed_by = Listed(Or(words, "rules", "spent"));
  return made;
}

OverrideRequested Requested(const std::string& id, const Words& words, absl::Time at) {
  OverrideRequested request;
  request.id = id;
  request.decision = "sha256:0d";
  request.change = Or(words, "change", "");
  if (request.change.empty()) request.rules = Listed(Or(words, "rules", "spent"));
  request.reason = Or(words, "reason", "payments fail for one customer in ten, and this mends it");
  request.ticket = Or(words, "ticket", "");
  request.expires_at = at + Length(Or(words, "expires", "4h"));
  EXPECT_TRUE(absl::SimpleAtoi(Or(words, "uses", "1"), &request.uses));
  request.policy = {"acme", std::string(64, 'a')};
  request.slos = {{"a", "0.999", 2592000, "1000000", "1000", "0"}};
  return request;
}

// kind → payload, by the second word of the line.
void Tell(const std::string& verb, const std::string& id, const Words& words, Record& record) {
  const std::map<std::string, RecordKind> judging = {{"approve", RecordKind::kOverrideApprove},
                                                     {"reject", RecordKind::kOverrideReject},
                                                     {"revoke", RecordKind::kOverrideRevoke},
                                                     {"review", RecordKind::kOverrideReview}};
  if (verb == "request") {
    record.kind = RecordKind::kOverrideRequest;
    record.payload = Requested(id, words, record.time);
  } else if (judging.count(verb) > 0) {
    record.kind = judging.at(verb);
    record.payload = OverrideJudged{id, Or(words, "reason", "")};
  } else if (verb == "use") {
    record.kind = RecordKind::kOverrideUse;
    record.payload = OverrideUsed{id,
                                  Or(words, "decision", "sha256:0d"),
                                  words.count("again") > 0,
                                  std::nullopt,
                                  {},
                                  Or(words, "change", ""),
                                  Or(words, "ticket", "")};
  } else if (verb == "decision") {
    record.kind = RecordKind::kDecision;
    record.payload = Decided(id, words, record.time);
  } else if (const auto result = ResultFromWord(verb)) {
    record.kind = RecordKind::kRelease;
    record.payload = ReleaseReported{id, *result};
  } else {
    ADD_FAILURE() << "no such record: " << verb;
  }
}

Record RecordOf(const std::string& line, int64_t seq) {
  const std::vector<std::string> parts = absl::StrSplit(line, ' ', absl::SkipEmpty());
  EXPECT_GE(parts.size(), 3U) << line;
  Words words;
  for (size_t i = 3; i < parts.size(); ++i) {
    const std::pair<std::string, std::string> word =
        absl::StrSplit(parts[i], absl::MaxSplits('=', 1));
    const bool account = absl::StrContains(word.first, ":");
    const bool decision = word.first.rfind("sha256:", 0) == 0;
    const std::string key = decision ? "decision" : account ? "account" : word.first;
    words[key] = account || decision ? word.first : word.second;
    if (key == "reason" || absl::EndsWith(word.second, "_system")) {
      words[key] = absl::StrReplaceAll(word.second, {{"_", " "}});
    }
  }
  Record record;
  record.seq = seq;
  record.log_id = "acme";
  record.prev = std::string(64, '0');
  record.nonce = std::string(32, '1');
  record.gate = "0.1.0";
  const bool future = parts[0][0] == '-';
  const absl::Duration before = Length(absl::string_view(parts[0]).substr(future ? 1 : 0));
  record.time = future ? PastNow() + before : PastNow() - before;
  record.actor = {Or(words, "account", "github:carol"),
                  Or(words, "known", "GITHUB_TRIGGERING_ACTOR"), Or(words, "role", "")};
  record.subject = PastSubject();
  record.subject.service = Or(words, "service", "checkout");
  record.subject.environment = Or(words, "environment", "");
  record.subject.artifact = Or(words, "artifact", kPastArtifact);
  record.refused = Or(words, "refused", "");
  Tell(parts[1], parts[2], words, record);
  record.bytes = WriteRecord(record);
  return record;
}

}  // namespace

const char kPastArtifact[] =
    "sha256:ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34ab12cd34";

absl::Time PastNow() { return ParseTime("2026-11-23T03:12:40Z").value(); }

Subject PastSubject() { return {"checkout", "", kPastArtifact, "4.18.2", "", "", ""}; }

History PastOf(const std::string& lines) {
  History history{"acme", PastNow(), {}};
  for (const absl::string_view line : absl::StrSplit(lines, '\n', absl::SkipWhitespace())) {
    history.records.push_back(
        RecordOf(std::string(line), static_cast<int64_t>(history.records.size())));
  }
  return history;
}

}  // namespace slogate::fake
