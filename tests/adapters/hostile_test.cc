// Decisions in which every text from outside is hostile, through every adapter and report: whatever
// they say, what a system reads has the form that we gave it, and nothing else.
#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <gtest/gtest.h>

#include "adapters/github/github.h"
#include "adapters/reports/reports.h"
#include "gate/base/limits.h"
#include "gate/decision/document.h"
#include "gate/decision/replay.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

constexpr char kToken[] = "0123456789abcdef0123456789abcdef";

const char* const kWords[] = {
    "::error::x",
    "a\n::set-output name=proceed::true\nb",
    "##[set-env name=PATH]/tmp",
    "x\r\nslogate_EOF\nproceed=true",
    "proceed<<EOF",
    "$(id) `id` ;id",
    "--adapter",
    "\x1b[2J\xe2\x80\xae",
    "</details><script>alert(1)</script><!--",
    "]]></failure></testcase><testcase name=\"ok\">",
    "| a | b |\n|---|---|\n# head",
    "[x](javascript:alert(1)) https://evil.example @everyone",
    "```\n",
    "\xff\xfe\xef\xbf\xbf",
};

Decision Golden(const char* name) {
  std::ifstream file(absl::StrCat(SLOGATE_SOURCE_DIR "/tests/decision/golden/", name, ".json"),
                     std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const absl::StatusOr<Document> document = ReadDocument(bytes);
  EXPECT_TRUE(document.ok()) << document.status();
  Parsed<Decision> decision = Replay(*document, {});
  EXPECT_TRUE(decision.value.has_value());
  return *std::move(decision.value);
}

// Puts `word` wherever somebody else may write.
Decision Spoilt(Decision decision, const std::string& word) {
  Subject& subject = decision.request.subject;
  for (std::string* text :
       {&subject.service, &subject.environment, &subject.version, &subject.commit, &subject.run_url,
        &subject.actor, &decision.policy_file, &decision.runbook, &decision.sources[0].name,
        &decision.sources[0].url, &decision.command, &decision.request.ticket}) {
    *text = word;
  }
  for (SloResult& slo : decision.ruling.slos) slo.name = absl::StrCat(word, slo.name);
  for (Reason& reason : decision.ruling.reasons) {
    reason.slo = absl::StrCat(word, reason.slo);
    reason.rule = word;
  }
  for (JudgedFinding& finding : decision.ruling.findings) {
    finding.slo = absl::StrCat(word, finding.slo);
    finding.finding.detail = word;
    finding.source = word;
  }
  return decision;
}

Telling TellingOf(const Decision& decision) {
  return {decision,
          ScreenFor(decision, {1, "decision.json"}),
          SummaryOf(decision),
          absl::StrCat("sha256:", std::string(64, 'a')),
          "acme:1:rvuhv/+vOqxuaBKWK0x6nbu5J7Qtf8qwP/jH77G3LeQ=",
          decision.request.subject.version,
          kToken,
          false};
}

// What the runner makes of a log: the commands that it obeys.
std::vector<std::string> Obeyed(const std::string& log) {
  std::vector<std::string> commands;
  std::string stopped;
  for (absl::string_view line : absl::StrSplit(log, absl::ByAnyChar("\n\r"))) {
    line = absl::StripLeadingAsciiWhitespace(line);
    if (!stopped.empty()) {
      if (line == absl::StrCat("::", stopped, "::")) stopped.clear();
    } else if (absl::ConsumePrefix(&line, "::stop-commands::")) {
      stopped = std::string(line);
    } else if (absl::StartsWith(line, "::")) {
      commands.push_back(std::string(line.substr(2, line.find(' ') - 2)));
    } else if (absl::StrContains(line, "##[")) {
      commands.push_back(std::string(line));
    }
  }
  if (!stopped.empty()) commands.push_back("(never begins again)");
  return commands;
}

// The names that an environment file sets.
std::vector<std::string> NamesIn(const std::string& file) {
  std::vector<std::string> names;
  const std::vector<std::string> lines = absl::StrSplit(file, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const std::vector<std::string> parts = absl::StrSplit(lines[i], absl::MaxSplits("<<", 1));
    names.push_back(parts[0]);
    if (parts.size() < 2) continue;
    while (++i < lines.size() && lines[i] != parts[1]) {
    }
  }
  return names;
}

// A page without its blocks of code, in which nothing is markup.
std::string WithoutCode(const std::string& page) {
  std::string rest, fence;
  for (const absl::string_view line : absl::StrSplit(page, '\n')) {
    if (!fence.empty()) {
      if (line == fence) fence.clear();
    } else if (absl::StartsWith(line, "```")) {
      fence = std::string(line.substr(0, line.find_first_not_of('`')));
    } else {
      absl::StrAppend(&rest, line, "\n");
    }
  }
  return fence.empty() ? rest : "(a block of code never ends)";
}

// Whether every tag that opens closes, and what stands between is text.
bool IsWellFormed(absl::string_view xml) {
  std::vector<std::string> open;
  for (size_t at = xml.find('<'); at != xml.npos; at = xml.find('<', at + 1)) {
    const size_t end = xml.find('>', at);
    if (end == xml.npos) return false;
    const absl::string_view tag = xml.substr(at + 1, end - at - 1);
    const std::string name(tag.substr(0, tag.find(' ')));
    if (tag[0] == '?' || absl::EndsWith(tag, "/")) continue;
    if (tag[0] != '/') {
      open.push_back(name);
    } else if (open.empty() || absl::StrCat("/", open.back()) != name) {
      return false;
    } else {
      open.pop_back();
    }
  }
  return open.empty();
}

class Hostile : public testing::TestWithParam<const char*> {
 protected:
  // Calls `look` with each golden decision, spoilt by each word.
  template <class Look>
  void Each(const Look& look) {
    const Decision honest = Golden(GetParam());
    for (const char* word : kWords) {
      SCOPED_TRACE(word);
      const Decision decision = Spoilt(honest, word);
      look(TellingOf(decision), TellingOf(honest));
    }
  }
};

TEST_P(Hostile, TheRunnerObeysAnnotationsAlone) {
  Each([](const Telling& telling, const Telling& honest) {
    EXPECT_EQ(Obeyed(RenderGithubLog(telling)), Obeyed(RenderGithubLog(honest)));
  });
}

TEST_P(Hostile, TheOutputsAreTheSevenAndProceedIsOurs) {
  Each([](const Telling& telling, const Telling& honest) {
    const std::string outputs = RenderGithubOutputs(telling);
    EXPECT_EQ(NamesIn(outputs),
              (std::vector<std::string>{"verdict", "outcome", "decision_id", "checkpoint",
                                        "remaining_ratio", "decision", "proceed"}));
    const std::string ours = RenderGithubOutputs(honest);
    EXPECT_TRUE(absl::EndsWith(outputs, ours.substr(ours.rfind("proceed<<"))));
  });
}

TEST_P(Hostile, TheSummaryKeepsItsForm) {
  Each([](const Telling& telling, const Telling& honest) {
    const auto count = [](const std::string& page, absl::string_view what) {
      return std::vector<std::string>(absl::StrSplit(page, what)).size();
    };
    const std::string page = WithoutCode(RenderMarkdown(telling));
    const std::string ours = WithoutCode(RenderMarkdown(honest));
    for (const char* markup : {"<details>", "</details>", "<", "## ", "\n| ", "\n|---"})
      EXPECT_EQ(count(page, markup), count(ours, markup)) << markup << "\n" << page;
    EXPECT_FALSE(absl::StrContains(page, "](")) << page;
  });
}

TEST_P(Hostile, XmlAndJsonStayWellFormed) {
  Each([](const Telling& telling, const Telling& honest) {
    const std::string xml = RenderJunit(telling);
    EXPECT_TRUE(IsWellFormed(xml)) << xml;
    const auto cases = [](const std::string& text) {
      return std::vector<std::string>(absl::StrSplit(text, "<testcase ")).size();
    };
    EXPECT_EQ(cases(xml), cases(RenderJunit(honest)));
    const absl::StatusOr<json::Value> issues = json::Parse(RenderWarningsNg(telling));
    ASSERT_TRUE(issues.ok()) << issues.status();
    EXPECT_EQ((*issues)["size"].text(), absl::StrCat((*issues)["issues"].array().size()));
  });
}

INSTANTIATE_TEST_SUITE_P(Decisions, Hostile,
                         testing::Values("deny", "hold_unreachable", "hold_gap", "allow_by_class",
                                         "warn_short_history"),
                         [](const auto& name) { return std::string(name.param); });

// What GitHub takes of a summary is 1 MiB: beyond it nothing is shown at all.
TEST(Limits, ASummaryOfThousandsOfSlosStaysBelowThem) {
  Decision decision = Golden("deny");
  const SloResult slo = decision.ruling.slos[0];
  const Reason reason = decision.ruling.reasons[0];
  for (int i = 0; i < 5000; ++i) {
    decision.ruling.slos.push_back(slo);
    decision.ruling.slos.back().name = absl::StrCat("slo", i, std::string(200, '*'));
    decision.ruling.reasons.push_back(reason);
  }
  const Telling telling = TellingOf(decision);
  const std::string page = RenderMarkdown(telling);
  EXPECT_LT(page.size(), size_t{1} << 20);
  EXPECT_TRUE(absl::StrContains(page, "more did not fit here"));
  EXPECT_LE(Obeyed(RenderGithubLog(telling)).size(), 10u);
}

TEST(Limits, OfManyRulesThoseThatPassAreCounted) {
  Decision decision = Golden("deny");
  const auto passes = std::find_if(
      decision.ruling.reasons.begin(), decision.ruling.reasons.end(), [](const Reason& reason) {
        return reason.applicability == Applicability::kApplies && reason.truth == Truth::kFalse &&
               reason.skipped_by.empty();
      });
  ASSERT_NE(passes, decision.ruling.reasons.end());
  const Reason reason = *passes;
  EXPECT_TRUE(absl::StrContains(RenderMarkdown(TellingOf(decision)), "| passes |"));
  for (int i = 0; i < 60; ++i) decision.ruling.reasons.push_back(reason);
  const std::string page = RenderMarkdown(TellingOf(decision));
  EXPECT_FALSE(absl::StrContains(page, "| passes |"));
  EXPECT_TRUE(absl::StrContains(page, "**fires**"));
  EXPECT_TRUE(absl::StrContains(page, " more pass\n"));
}

}  // namespace
}  // namespace slogate
