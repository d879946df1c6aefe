// Whole runs against attacks that no other test shows end to end; tests/attacks_test.cc has the list.
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <gtest/gtest.h>

#include "gate/text/diagnostic.h"
#include "tests/faults/story.h"

namespace slogate {
namespace {

using Arguments = std::vector<std::string>;

const Arguments kCheck = {"check",         "--policy",      "policy.yaml", "--slos",
                          "checkout.yaml", "--environment", "production"};

Arguments With(Arguments arguments, const Arguments& more) {
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

// CI systems obey lines that begin with such words, after blanks, too.
TEST(Rows, Row01_CommandsInAServersWords) {
  // Wherever a line is broken, one of the words comes to its beginning.
  for (size_t before = 0; before < 60; before += 3) {
    std::string words = std::string(before, 'x');
    for (int i = 0; i < 12; ++i) absl::StrAppend(&words, " ::error::gone ##[group]a");
    fake::Story story("acme.yaml", absl::StrCat("everything => error 422 execution ", words),
                      kCheck);
    const fake::Ran ran = story.Play();
    EXPECT_EQ(ran.exit, 3);
    EXPECT_TRUE(absl::StrContains(ran.out, "::error::gone"));
    for (const absl::string_view line : absl::StrSplit(ran.out + "\n" + ran.err, '\n')) {
      const absl::string_view text = absl::StripLeadingAsciiWhitespace(line);
      EXPECT_FALSE(absl::StartsWith(text, "::") || absl::StartsWith(text, "##")) << line;
    }
  }
}

// A stored decision is a file like any other: what it says of itself is shown, not obeyed.
TEST(Rows, Row05_ADecisionThatSpeaksToTheTerminal) {
  fake::Story check("acme.yaml", "", With(kCheck, {"--json", "decision.json"}));
  const std::string decision = check.Play().files.at("decision.json");
  const struct {
    const char *was, *is;
  } forgeries[] = {{R"("verdict":"allow"})", R"("verdict":"\u001b[2J"})"},
                   {R"("outcome":"proceed")", R"("outcome":"\u202e")"},
                   {R"("id":"sha256:)", R"("id":"\u009b)"},
                   {R"("kind":"history")", R"("kind":"\u001b]0;x")"},
                   {R"("basis")", R"("\u200b")"},
                   {R"("path":"policy.yaml")", R"("path":"\u001bpolicy.yaml")"}};
  for (const auto& [was, is] : forgeries) {
    SCOPED_TRACE(is);
    ASSERT_TRUE(absl::StrContains(decision, was));
    const std::string forged = absl::StrReplaceAll(decision, {{was, is}});
    for (const Arguments& arguments :
         {Arguments{"explain", "decision.json"}, Arguments{"replay", "decision.json"},
          Arguments{"replay", "decision.json", "--policy", "policy.yaml"}}) {
      fake::Story story("acme.yaml", "", arguments);
      const fake::Ran ran = story.Put("decision.json", forged).Play();
      EXPECT_NE(ran.out + ran.err, "");
      for (const absl::string_view line : absl::StrSplit(ran.out + ran.err, '\n'))
        EXPECT_EQ(Printable(line), line);
    }
  }
}

TEST(Rows, Row08_NoIncludes) {
  for (const char* line :
       {"include: ../../etc/passwd\n", "extends: 'https://policy.example/acme'\n",
        "policy: {file: /etc/passwd}\n"}) {
    fake::Story story("acme.yaml", "", kCheck);
    const std::string policy = story.Play().files.at("policy.yaml");
    const fake::Ran ran = story.Put("policy.yaml", policy + line).Play();
    EXPECT_EQ(ran.exit, 2);
    EXPECT_TRUE(absl::StrContains(ran.err, "[unknown_key]")) << ran.err;
    EXPECT_EQ(ran.out, "");
  }
}

// What was checked is what is used, and what the decision records.
TEST(Rows, Row09_EveryFileIsReadOnce) {
  fake::Story story("acme.yaml", "", kCheck);
  EXPECT_EQ(story.Play().file_log, (Arguments{"read policy.yaml", "read checkout.yaml"}));
}

}  // namespace
}  // namespace slogate
