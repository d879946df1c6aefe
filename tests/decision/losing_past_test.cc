// What people have to say opens a gate, so nothing that takes their words away, and nothing that speaks
// against them, ever does. Random pasts; each record is lost, and each sort of "no" is added.
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "gate/decision/decide.h"
#include "tests/decision/guarded.h"
#include "tests/testing/past.h"

namespace slogate {
namespace {

using Lines = std::vector<std::string>;

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  size_t Below(size_t limit) { return random_() % limit; }
  bool OneIn(size_t chances) { return Below(chances) == 0; }
  template <class T, size_t n>
  const T& Of(const T (&choices)[n]) {
    return choices[Below(n)];
  }

 private:
  std::mt19937 random_;
};

constexpr const char* kAccounts[] = {"github:alice", "github:alice",   "jenkins:asmith",
                                     "github:bob",   "postgresql:bob", "github:carol",
                                     "local:carol",  "github:dora",    "github:eve",
                                     "github:frank", "github:mallory"};
constexpr const char* kRoles[] = {"", "", "", " role=bob", " role=alice", " role=slogate_gate"};

// The words about one override, newest last; `decision` numbers what it lets out.
Lines RandomOverride(const std::string& id, Dice& dice, int& decision) {
  static constexpr const char* kRequests[] = {" ticket=INC-ID rules=spent",
                                              " ticket=INC-ID rules=spent,fast",
                                              " ticket=INC-ID rules=spent,fast",
                                              " ticket=INC-ID rules=spent,fast uses=2",
                                              " ticket=INC-ID rules=fast",
                                              " ticket=INC-ID rules=spent,fast,level",
                                              " ticket=CVE-ID change=security",
                                              " ticket=CVE-ID change=security",
                                              " ticket=CVE-ID change=rollback",
                                              " rules=spent,fast",
                                              " ticket=INC-ID rules=spent,fast expires=70m",
                                              " ticket=INC-ID rules=spent,fast reason=asdf"};
  std::string request = dice.Of(kRequests);
  const size_t place = request.find("ID");
  if (place != std::string::npos) request.replace(place, 2, id);
  const std::string where = dice.OneIn(8) ? " artifact=sha256:ff" : "";
  const std::string change =
      absl::StrContains(request, "change=security") ? " change=security" : "";
  Lines lines = {absl::StrCat(dice.OneIn(8) ? 250 : 100 + dice.Below(60), "m request ", id, " ",
                              dice.Of(kAccounts), dice.Of(kRoles), request, where)};
  for (size_t n = dice.Below(4); n > 0; --n) {
    lines.push_back(absl::StrCat(60 + dice.Below(30), "m approve ", id, " ", dice.Of(kAccounts),
                                 dice.Of(kRoles), dice.OneIn(6) ? " known=CI_system" : "",
                                 dice.OneIn(8) ? " refused=no" : "", where));
  }
  while (dice.OneIn(3)) {
    ++decision;
    lines.push_back(absl::StrCat(40 + dice.Below(19), "m use ", id, " sha256:", decision,
                                 dice.OneIn(4) ? " again" : "", change, where));
    if (dice.OneIn(2)) {
      lines.push_back(absl::StrCat(20 + dice.Below(19), "m ", dice.OneIn(3) ? "deployed" : "failed",
                                   " sha256:", decision, where));
    }
  }
  if (dice.OneIn(10)) lines.push_back(absl::StrCat("5m reject ", id, " github:bob", where));
  if (dice.OneIn(10)) lines.push_back(absl::StrCat("5m revoke ", id, " github:bob", where));
  return lines;
}

struct Case {
  Lines past;
  fake::Facts facts;
  std::string change;
};

Case RandomCase(Dice& dice) {
  Case result;
  int decision = 0;
  for (size_t n = 1 + dice.Below(3); n > 0; --n) {
    const Lines lines = RandomOverride(absl::StrCat("ov-", n), dice, decision);
    result.past.insert(result.past.end(), lines.begin(), lines.end());
  }
  if (dice.OneIn(3)) result.facts["events errors 30d"] = "1000";
  if (result.facts.empty() || dice.OneIn(3)) {
    result.facts["events errors 1h"] = dice.OneIn(5) ? "!unreachable" : "14400";
    result.facts["events errors 5m"] = "14400";
  }
  static constexpr const char* kChanges[] = {"", "", "security", "rollback"};
  result.change = dice.Of(kChanges);
  return result;
}

// The evidence of a case is the same whatever its past.
class Judge {
 public:
  explicit Judge(const Case& the) {
    const fake::Facts healthy = {{"events requests", "1000000"}, {"events errors", "0"}};
    evidence_ = fake::EvidenceOf(fake::GuardedPolicy(), fake::Over(the.facts, healthy));
    request_.subject = fake::PastSubject();
    request_.change = the.change;
    request_.ticket = "CVE-1";
  }
  bool Blocks(const Lines& past) {
    request_.history = fake::PastOf(absl::StrJoin(past, "\n"));
    return Decide(fake::GuardedPolicy(), evidence_, request_).outcome == Outcome::kBlocked;
  }
  std::string Summary(const Lines& past) {
    request_.history = fake::PastOf(absl::StrJoin(past, "\n"));
    return fake::Summary(Decide(fake::GuardedPolicy(), evidence_, request_));
  }

 private:
  Evidence evidence_;
  Request request_;
};

std::string KindOf(const std::string& line) {
  const Lines words = absl::StrSplit(line, ' ');
  return words[1];
}

TEST(LosingPastTest, WithoutARequestOrAnApprovalNothingOpens) {
  size_t removed = 0;
  for (unsigned seed = 0; seed < 1500; ++seed) {
    Dice dice(seed);
    const Case the = RandomCase(dice);
    Judge judge(the);
    if (!judge.Blocks(the.past)) continue;
    Lines past = the.past;
    while (!past.empty()) {
      const size_t i = dice.Below(past.size());
      const std::string lost = past[i];
      if (KindOf(lost) != "request" && KindOf(lost) != "approve") {
        // Uses count against limits, and rejections speak against: their loss may well open.
        const bool any = std::any_of(past.begin(), past.end(), [](const std::string& line) {
          return KindOf(line) == "request" || KindOf(line) == "approve";
        });
        if (!any) break;
        continue;
      }
      past.erase(past.begin() + static_cast<std::ptrdiff_t>(i));
      ++removed;
      ASSERT_TRUE(judge.Blocks(past)) << "seed " << seed << ", losing \"" << lost << "\" of\n"
                                      << absl::StrJoin(the.past, "\n") << "\n"
                                      << judge.Summary(the.past) << judge.Summary(past);
    }
  }
  EXPECT_GT(removed, 3'000U) << "the generator must find closed gates";
}

TEST(LosingPastTest, NoWordAgainstAnOverrideOpens) {
  size_t added = 0;
  for (unsigned seed = 0; seed < 500; ++seed) {
    Dice dice(seed);
    const Case the = RandomCase(dice);
    Judge judge(the);
    if (!judge.Blocks(the.past)) continue;
    for (const char* word : {"reject", "revoke", "use", "use again", "review"}) {
      const Lines parts = absl::StrSplit(word, ' ');
      for (const char* who : {"ov-1", "ov-2", "ov-3", "ov-9"}) {
        Lines past = the.past;
        past.push_back(absl::StrCat("1m ", parts[0], " ", who, " github:bob sha256:new",
                                    parts.size() > 1 ? " again" : ""));
        ++added;
        ASSERT_TRUE(judge.Blocks(past))
            << "seed " << seed << ", adding \"" << past.back() << "\" to\n"
            << judge.Summary(the.past) << judge.Summary(past);
      }
    }
  }
  EXPECT_GT(added, 5'000U);
}

TEST(LosingPastTest, WhatHappenedElsewhereChangesNothing) {
  size_t told = 0, opened = 0;
  for (unsigned seed = 0; seed < 800; ++seed) {
    Dice dice(seed);
    const Case the = RandomCase(dice);
    Judge judge(the);
    const std::string before = judge.Summary(the.past);
    if (!judge.Blocks(the.past)) ++opened;
    for (const char* where : {" service=search", " environment=staging", " artifact=sha256:dd"}) {
      int decision = 1000;
      Lines past = the.past;
      for (const std::string& line :
           RandomOverride(absl::StrCat("ov-else", seed), dice, decision)) {
        // Uses for another artifact count against the service's limit, and releases are releases.
        const bool shared = KindOf(line) == "use" || KindOf(line) == "deployed";
        if (absl::StrContains(line, "artifact=") ||
            (shared && absl::StrContains(where, "artifact"))) {
          continue;
        }
        past.insert(past.begin() + static_cast<std::ptrdiff_t>(dice.Below(past.size() + 1)),
                    absl::StrCat(line, where));
      }
      ++told;
      ASSERT_EQ(judge.Summary(past), before) << "seed " << seed << where << "\n"
                                             << absl::StrJoin(past, "\n");
    }
  }
  EXPECT_GT(told, 2'000U);
  EXPECT_GT(opened, 50U) << "some gates must be open";
}

TEST(LosingPastTest, WithoutAnyPastNothingOpens) {
  for (unsigned seed = 0; seed < 400; ++seed) {
    Dice dice(seed);
    const Case the = RandomCase(dice);
    Judge judge(the);
    if (!judge.Blocks(the.past)) continue;
    ASSERT_TRUE(judge.Blocks({})) << "seed " << seed;
  }
}

TEST(LosingPastTest, WhatIsClosedNamesTheRulesThatAnOverrideNeeds) {
  size_t closed = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    Dice dice(seed);
    const Case the = RandomCase(dice);
    const Ruling ruling =
        fake::GuardedDecision(absl::StrJoin(the.past, "\n"), the.facts, the.change, "CVE-1").ruling;
    EXPECT_EQ(ruling.closed_by.empty(), ruling.verdict < Verdict::kHold) << "seed " << seed;
    if (!ruling.closed_by.empty()) ++closed;
  }
  EXPECT_GT(closed, 100U);
}

}  // namespace
}  // namespace slogate
