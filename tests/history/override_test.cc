#include "gate/history/override.h"

#include <string>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "tests/testing/past.h"

namespace slogate {
namespace {

std::string Minutes(absl::Time time) {
  return absl::StrCat(absl::ToInt64Minutes(fake::PastNow() - time), "m");
}

std::string Tell(const std::vector<Override>& overrides) {
  std::string text;
  for (const Override& one : overrides) {
    absl::StrAppend(&text, one.request.id, " by ", one.requested_by.account, " at ",
                    Minutes(one.requested_at));
    for (const OverrideWord& word : one.approvals)
      absl::StrAppend(&text, ", approved by ", word.by.account);
    for (const OverrideWord& word : one.reviews) absl::StrAppend(&text, ", reviewed: ", word.text);
    if (one.rejected) absl::StrAppend(&text, ", rejected by ", one.rejected->by.account);
    if (one.revoked) absl::StrAppend(&text, ", revoked by ", one.revoked->by.account);
    for (const OverrideUse& use : one.uses) {
      absl::StrAppend(&text, ", used by ", use.decision, use.again ? " again" : "",
                      use.failed_at ? absl::StrCat(" failed ", Minutes(*use.failed_at)) : "");
    }
    absl::StrAppend(&text, "\n");
  }
  return text;
}

struct PastCase {
  const char* name;
  const char* past;
  const char* want;
};

const PastCase kCases[] = {
    {"nothing", "", ""},
    {"whole_life",
     "50m request ov-1 github:alice\n40m approve ov-1 github:bob\n30m use ov-1 sha256:d1\n"
     "20m failed sha256:d1\n10m use ov-1 sha256:d2 again\n5m deployed sha256:d2\n"
     "1m review ov-1 github:dora reason=fine",
     "ov-1 by github:alice at 50m, approved by github:bob, reviewed: fine, used by sha256:d1 "
     "failed "
     "20m, used by sha256:d2 again\n"},
    {"several_in_the_order_of_their_requests",
     "50m request ov-2 github:alice\n40m request ov-1 github:bob\n30m approve ov-1 github:carol",
     "ov-2 by github:alice at 50m\nov-1 by github:bob at 40m, approved by github:carol\n"},
    {"the_first_rejection_and_revocation",
     "50m request ov-1 github:alice\n40m reject ov-1 github:bob\n30m reject ov-1 github:carol\n"
     "20m revoke ov-1 github:dora\n10m revoke ov-1 github:eve",
     "ov-1 by github:alice at 50m, rejected by github:bob, revoked by github:dora\n"},
    {"the_first_request_of_an_id", "50m request ov-1 github:alice\n40m request ov-1 github:eve",
     "ov-1 by github:alice at 50m\n"},
    {"refused_words_count_for_nothing",
     "50m request ov-1 github:alice\n40m approve ov-1 github:alice refused=self\n"
     "30m reject ov-1 github:eve refused=no\n20m use ov-1 sha256:d1 refused=no\n"
     "10m revoke ov-1 github:eve refused=no",
     "ov-1 by github:alice at 50m\n"},
    {"a_refused_request_is_none",
     "50m request ov-1 github:alice refused=short\n40m approve ov-1 github:bob", ""},
    {"words_before_the_request", "50m approve ov-1 github:bob\n40m request ov-1 github:alice",
     "ov-1 by github:alice at 40m\n"},
    {"words_of_an_unknown_override", "50m approve ov-9 github:bob\n40m use ov-9 sha256:d1", ""},
    {"words_of_another_release",
     "50m request ov-1 github:alice\n40m approve ov-1 github:bob artifact=sha256:ff\n"
     "30m approve ov-1 github:bob service=search\n20m use ov-1 sha256:d1 environment=staging",
     "ov-1 by github:alice at 50m\n"},
    {"the_newest_report_counts",
     "50m request ov-1 github:alice\n40m use ov-1 sha256:d1\n30m failed sha256:d1\n"
     "20m deployed sha256:d1",
     "ov-1 by github:alice at 50m, used by sha256:d1\n"},
    {"rolled_back_is_not_failed",
     "50m request ov-1 github:alice\n40m use ov-1 sha256:d1\n30m rolled_back sha256:d1",
     "ov-1 by github:alice at 50m, used by sha256:d1\n"},
    {"a_report_before_the_use_is_of_something_else",
     "50m request ov-1 github:alice\n40m failed sha256:d1\n30m use ov-1 sha256:d1",
     "ov-1 by github:alice at 50m, used by sha256:d1\n"},
    {"a_report_of_another_release_or_refused",
     "50m request ov-1 github:alice\n40m use ov-1 sha256:d1\n30m failed sha256:d2\n"
     "20m failed sha256:d1 artifact=sha256:ff\n10m failed sha256:d1 refused=no",
     "ov-1 by github:alice at 50m, used by sha256:d1\n"},
};

class OverridesInTest : public testing::TestWithParam<PastCase> {};

TEST_P(OverridesInTest, PutsTogether) {
  EXPECT_EQ(Tell(OverridesIn(fake::PastOf(GetParam().past).records)), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Pasts, OverridesInTest, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate
