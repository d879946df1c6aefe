#include "adapters/escape.h"

#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include "gate/text/utf8.h"

namespace slogate {
namespace {

// What a hostile label, name or server may say.
const std::vector<std::string>& Hostile() {
  static const std::vector<std::string> texts = {
      "::set-env name=PATH::/tmp",
      "first\n::error::second",
      "##[set-env name=x]y",
      "100% of a,b:c",
      "%0A::error::",
      "a\r\nb\rc",
      "slogate_TOKEN\nproceed=true",
      "proceed<<EOF\ntrue\nEOF",
      "<script>alert(1)</script>",
      "</testcase><testcase>",
      "]]>",
      "<!--",
      "&amp;&#x26;",
      "a|b|c",
      "| x |\n|---|",
      "```\nrm -rf /\n```",
      "[click](javascript:alert(1))",
      "![x](https://evil.example/x.png)",
      "https://evil.example www.evil.example a@evil.example @security",
      "*bold* _em_ ~~gone~~ # head\n- item\n1. one\n> quote\n---",
      "$(id) `id` ${HOME} \"'\\",
      std::string("nul\0byte", 8),
      "\x1b[2J\x07",
      "\xff\xfe invalid",
      "\xef\xbf\xbf noncharacter",
      std::string(5000, ':'),
  };
  return texts;
}

TEST(EscapeWorkflow, KeepsACommandOnOneLine) {
  EXPECT_EQ(EscapeWorkflowMessage("50% spent\r\n::error::x"), "50%25 spent%0D%0A::error::x");
  EXPECT_EQ(EscapeWorkflowProperty("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
  for (const std::string& text : Hostile()) {
    const std::string message = EscapeWorkflowMessage(text),
                      property = EscapeWorkflowProperty(text);
    EXPECT_EQ(message.find_first_of("\r\n"), message.npos) << text;
    EXPECT_EQ(property.find_first_of("\r\n:,"), property.npos) << text;
    EXPECT_LE(CountCharacters(absl::StrReplaceAll(message, {{"%25", "%"}})), 4096u);
  }
}

// As the runner takes such a message: %25 last.
TEST(EscapeWorkflow, ComesBackAsItWas) {
  for (const std::string& text : Hostile()) {
    if (text.size() > 4000) continue;
    std::string back = EscapeWorkflowMessage(text);
    back = absl::StrReplaceAll(back, {{"%0D", "\r"}});
    back = absl::StrReplaceAll(back, {{"%0A", "\n"}});
    EXPECT_EQ(absl::StrReplaceAll(back, {{"%25", "%"}}), text);
  }
}

// The entries of an environment file, by the runner's rules: on each line whichever of '=' and '<<'
// comes first decides; a heredoc ends at its delimiter.
std::vector<std::pair<std::string, std::string>> Entries(const std::string& file) {
  std::vector<std::pair<std::string, std::string>> entries;
  const std::vector<std::string> lines = absl::StrSplit(file, '\n');
  for (size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const size_t equals = lines[i].find('='), heredoc = lines[i].find("<<");
    if (equals < heredoc) {
      entries.emplace_back(lines[i].substr(0, equals), lines[i].substr(equals + 1));
      continue;
    }
    if (heredoc == std::string::npos) return {{"broken", lines[i]}};
    const std::string name = lines[i].substr(0, heredoc), end = lines[i].substr(heredoc + 2);
    std::vector<std::string> value;
    while (++i < lines.size() && lines[i] != end) value.push_back(lines[i]);
    if (i == lines.size()) return {{"broken", "no end"}};
    entries.emplace_back(name, absl::StrJoin(value, "\n"));
  }
  return entries;
}

TEST(EnvironmentFile, HoldsAnyValue) {
  EXPECT_EQ(EnvironmentFileEntry("verdict", "deny", "TOKEN"),
            "verdict<<slogate_TOKEN\ndeny\nslogate_TOKEN\n");
  EXPECT_EQ(EnvironmentFileEntry("ratio", "", "TOKEN"), "ratio<<slogate_TOKEN\nslogate_TOKEN\n");
  for (const std::string& text : Hostile()) {
    const auto entries = Entries(EnvironmentFileEntry("decision", text, "0123456789abcdef"));
    ASSERT_EQ(entries.size(), 1u) << text;
    EXPECT_EQ(entries[0].first, "decision");
    EXPECT_EQ(entries[0].second, absl::StrReplaceAll(text, {{"\r", ""}}));
  }
}

TEST(EscapeMarkdown, LeavesNoMarkup) {
  EXPECT_EQ(EscapeMarkdown("remaining -5.32 %, must be above 0 %"),
            "remaining \\-5\\.32 %, must be above 0 %");
  EXPECT_EQ(EscapeMarkdown("<b> & @you\n"), "&lt;b&gt; &amp; &#64;you ");
  for (const std::string& text : Hostile()) {
    std::string escaped = EscapeMarkdown(text);
    EXPECT_EQ(escaped.find_first_of("<>@\n\r\t"), escaped.npos) << text;
    for (const char* entity : {"&lt;", "&gt;", "&amp;", "&#64;"})
      escaped = absl::StrReplaceAll(escaped, {{entity, ""}});
    EXPECT_FALSE(absl::StrContains(escaped, "&")) << text;
    for (size_t i = 0; i < escaped.size(); ++i) {
      if (escaped[i] == '\\') {
        ++i;  // and what it escapes
      } else {
        EXPECT_FALSE(absl::StrContains("`*_{}[]()#+-.!|~:/$", absl::string_view(&escaped[i], 1)))
            << escaped;
      }
    }
  }
}

TEST(MarkdownCode, CannotBeLeft) {
  EXPECT_EQ(MarkdownCode("slogate check"), "```text\nslogate check\n```\n");
  EXPECT_EQ(MarkdownCode("a ````` b"), "``````text\na ````` b\n``````\n");
}

TEST(EscapeXml, LeavesNoMarkup) {
  EXPECT_EQ(EscapeXml("a < b & \"c\" 'd' \n\t\r"),
            "a &#60; b &#38; &#34;c&#34; &#39;d&#39; &#10;&#9;\xef\xbf\xbd");
  for (const std::string& text : Hostile()) {
    const std::string escaped = EscapeXml(text);
    EXPECT_EQ(escaped.find_first_of("<>\"'"), escaped.npos) << text;
    for (absl::string_view rest = escaped; !rest.empty();) {
      const Utf8Character first = FirstCharacter(rest);
      EXPECT_TRUE(first.valid) << text;
      EXPECT_TRUE(first.code >= 0x20 || first.code == '\n' || first.code == '\t') << text;
      rest.remove_prefix(first.bytes);
    }
  }
}

}  // namespace
}  // namespace slogate
