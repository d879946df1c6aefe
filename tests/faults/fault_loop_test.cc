// One fault at every place: whatever a story touches outside fails once, at the first call, the
// second, … until no call is left. It then comes to the same outcome as without the fault, or
// blocks; it never proceeds where it was blocked, and no file says more than was told.
#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "gate/decision/document.h"
#include "tests/faults/story.h"

namespace slogate {
namespace {

using fake::Ran;
using fake::Seams;
using fake::Story;

constexpr char kSecret[] = "tok-6fd1c2a9";
constexpr char kOld[] = "what stood there before";
constexpr char kProd[] = R"({service="checkout",code=~"5..",env="prod"})";

std::vector<std::string> Check(const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {"check", "--policy", "policy.yaml", "--slos",
                                        "checkout.yaml"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string Bad(absl::string_view counts) {
  return absl::StrCat("events http_requests_total", kProd, " ", counts, "\n");
}

// The data of healthy.prometheus for a policy without environments.
std::string WithoutEnvironment() {
  return R"(events http_requests_total{service="checkout"} 30d=41882310.5
events http_requests_total{service="checkout",code=~"5.."} 30d=13961.5
fresh http_requests_total{service="checkout"}
history http_requests_total{service="checkout"} 30d
)";
}

// What a story leaves behind.
enum class Gives { kFile, kDocumentOnStdout, kWords };

struct Named {
  const char* name;
  Gives gives;
  int exit;  // without a fault
  std::function<std::unique_ptr<Story>()> make;
};

std::unique_ptr<Story> InProduction(const std::string& lines, std::vector<std::string> more) {
  more.insert(more.end(), {"--environment", "production"});
  if (std::find(more.begin(), more.end(), "--json") == more.end())
    more.insert(more.end(), {"--json", "decision.json"});
  auto story = std::make_unique<Story>("acme.yaml", lines, Check(more));
  story->Put("decision.json", kOld);
  return story;
}

std::unique_ptr<Story> WithSecret(const std::string& where, const std::string& lines) {
  auto story = std::make_unique<Story>("bearer.yaml", lines, Check({"--json", "decision.json"}));
  story->Set("PROM_TOKEN", kSecret).Put("token", kSecret).Put("decision.json", kOld);
  const std::string policy = story->Play().files.at("policy.yaml");
  story->Put("policy.yaml", absl::StrReplaceAll(policy, {{"{env: PROM_TOKEN}", where}}));
  return story;
}

// A story that reads the decision of another.
std::unique_ptr<Story> After(std::vector<std::string> arguments) {
  const std::string decision = InProduction("", {})->Play().files.at("decision.json");
  auto story = std::make_unique<Story>("acme.yaml", "", std::move(arguments));
  story->Put("decision.json", decision);
  return story;
}

constexpr size_t kAsking = 5;  // of the stories ask each something else; the others repeat them

const Named kStories[] = {
    {"Allow", Gives::kFile, 0, [] { return InProduction("", {}); }},
    {"Deny", Gives::kFile, 1, [] { return InProduction(Bad("30d=44106.5"), {}); }},
    {"Hold", Gives::kFile, 3,
     [] { return InProduction(Bad("5m=91.5 1h=1210.5 6h=1340 3d=3001.5"), {}); }},
    {"FollowUpQuestions", Gives::kFile, 3,
     [] { return InProduction(Bad("5m=none 1h=none 6h=none 3d=none 30d=none"), {}); }},
    {"Rollback", Gives::kFile, 0,
     [] {
       return InProduction(Bad("30d=44106.5"), {"--change", "rollback"});
     }},
    {"Warn", Gives::kFile, 0, [] { return InProduction(Bad("30d=38900.5"), {}); }},
    {"SecretOfTheEnvironment", Gives::kFile, 0,
     [] { return WithSecret("{env: PROM_TOKEN}", WithoutEnvironment()); }},
    {"SecretInAFile", Gives::kFile, 0,
     [] { return WithSecret("{file: token}", WithoutEnvironment()); }},
    {"SecretRefused", Gives::kFile, 3,
     [] {
       return WithSecret("{env: PROM_TOKEN}", absl::StrCat("time() => 1795403560\neverything => "
                                                           "status 403 text/plain ",
                                                           kSecret, "\n"));
     }},
    {"AllowOnStdout", Gives::kDocumentOnStdout, 0,
     [] {
       return InProduction("", {"--json", "-"});
     }},
    {"DryRunOfADenial", Gives::kFile, 0,
     [] { return InProduction(Bad("30d=44106.5"), {"--dry-run"}); }},
    {"DryRunInDetail", Gives::kFile, 11,
     [] {
       return InProduction(Bad("30d=44106.5"), {"--dry-run", "--detailed-exit-code"});
     }},
    {"Explain", Gives::kWords, 0,
     [] {
       return After({"explain", "decision.json"});
     }},
    {"Replay", Gives::kWords, 0,
     [] {
       return After({"replay", "decision.json"});
     }},
    {"ReplayByAnotherPolicy", Gives::kWords, 0,
     [] {
       return After({"replay", "decision.json", "--policy", "policy.yaml"});
     }},
    {"Lint", Gives::kWords, 0,
     [] {
       return After({"lint", "policy.yaml", "checkout.yaml"});
     }},
};

// What holds of every run, with a fault or without.
void ExpectSafe(const Ran& honest, const Ran& ran) {
  for (const std::string& text : {ran.out, ran.err, ran.files.at("decision.json")})
    EXPECT_FALSE(absl::StrContains(text, kSecret)) << text;
  if (ran.exit == 0) {
    EXPECT_EQ(honest.exit, 0) << ran.out << ran.err;
  }
  if (ran.exit != honest.exit) {
    EXPECT_NE(ran.out + ran.err, "");
  }
  EXPECT_EQ(ran.files.size(), honest.files.size());
  for (const auto& [path, before] : honest.files) {
    if (path != "decision.json") {
      EXPECT_EQ(ran.files.at(path), before);
    }
  }
}

bool SaysProceed(const std::string& words) {
  return absl::StartsWith(words, "ALLOW") || absl::StartsWith(words, "WARN");
}

// A decision that was written is whole, says no more than the exit code, and opens nothing that was
// closed.
void ExpectHonest(const std::string& honest, const std::string& bytes, int exit) {
  const absl::StatusOr<Document> document = ReadDocument(bytes), was = ReadDocument(honest);
  ASSERT_TRUE(document.ok() && was.ok()) << bytes;
  EXPECT_TRUE(document->id_matches);
  const json::Value& json = document->json;
  if (!json["dry_run"].boolean()) {
    EXPECT_EQ(json["exit_code"].text(), absl::StrCat(exit));
    EXPECT_EQ(json["outcome"].text() == "proceed", exit == 0);
  }
  if (was->json["outcome"].text() == "blocked") {
    EXPECT_EQ(json["outcome"].text(), "blocked");
  }
}

void ExpectSameOrBlocked(Gives gives, const Ran& honest, const Ran& ran) {
  ExpectSafe(honest, ran);
  const std::string& before = honest.files.at("decision.json");
  const std::string& after = ran.files.at("decision.json");
  switch (gives) {
    case Gives::kFile:
      if (ran.exit != 0 && SaysProceed(ran.out)) {  // the file could not be put in its place
        EXPECT_TRUE(absl::StrContains(ran.err, "nothing is decided")) << ran.out << ran.err;
      }
      if (after == kOld) {
        EXPECT_NE(ran.exit, 0);
      } else {
        ExpectHonest(before, after, ran.exit);
      }
      break;
    case Gives::kDocumentOnStdout:
      EXPECT_EQ(after, kOld);
      if (ran.exit == 0) ExpectHonest(honest.out, ran.out, 0);
      break;
    case Gives::kWords:
      EXPECT_EQ(after, before);
      if (ran.exit == 0) {
        EXPECT_EQ(ran.out, honest.out);
      }
      break;
  }
}

class FaultLoop : public testing::TestWithParam<Named> {
 protected:
  // Plays the story with a fault at each of its calls in turn.
  void PlayWithEachFault(Seams seams, const fake::FailingHttp::Spoil& spoil) {
    size_t failing = 0, calls = 0;
    do {
      SCOPED_TRACE(absl::StrCat("call ", ++failing));
      const Ran ran = story_->Play(failing, seams, spoil);
      calls = ran.calls;
      ExpectSameOrBlocked(GetParam().gives, honest_, ran);
    } while (failing < calls);
  }

  const std::unique_ptr<Story> story_ = GetParam().make();
  const Ran honest_ = story_->Play();
};

TEST_P(FaultLoop, ComesToTheSameOrBlocks) {
  ASSERT_EQ(honest_.exit, GetParam().exit) << honest_.out << honest_.err;
  ASSERT_GT(honest_.calls, 1u);
  ExpectSameOrBlocked(GetParam().gives, honest_, honest_);
  PlayWithEachFault(Seams::kAll, [](const HttpRequest&, HttpExchange& exchange) {
    exchange.end = HttpEnd::kFailed;
    exchange.failure = "the connection was reset";
    exchange.body.resize(exchange.body.size() / 2);
  });
}

// In GitHub Actions a later step may go by the output alone.
TEST(InGithubActions, TheOutputNeverSaysMoreThanTheExitCode) {
  for (const std::string& lines : {std::string(), Bad("30d=44106.5")}) {
    const std::unique_ptr<Story> story = InProduction(lines, {});
    story->Set("GITHUB_ACTIONS", "true").Set("GITHUB_OUTPUT", "output.txt").Put("output.txt", "");
    story->Set("GITHUB_STEP_SUMMARY", "summary.md").Put("summary.md", "");
    const Ran honest = story->Play();
    const auto says = [](const Ran& ran, const char* word) {
      return absl::StrContains(ran.files.at("output.txt"), absl::StrCat("\n", word, "\nslogate_"));
    };
    ASSERT_EQ(honest.exit, lines.empty() ? 0 : 1) << honest.err;
    ASSERT_TRUE(says(honest, lines.empty() ? "true" : "false")) << honest.files.at("output.txt");
    for (size_t failing = 1, calls = 1; failing <= calls; ++failing) {
      const Ran ran = story->Play(failing, Seams::kAll, [](const HttpRequest&, HttpExchange& e) {
        e = fake::NotAnswered(HttpEnd::kFailed, "the connection was reset");
      });
      calls = ran.calls;
      if (ran.exit != 0) {
        EXPECT_FALSE(says(ran, "true")) << "call " << failing << "\n" << ran.out << ran.err;
      }
      if (says(ran, "true")) {
        EXPECT_NE(ran.files.at("decision.json"), kOld);
      }
    }
  }
}

// The value in an answer, replaced; "$" stands for what it was.
void PutValue(HttpExchange& exchange, absl::string_view value) {
  constexpr absl::string_view kBefore = "[1795403560,\"";
  size_t begin = exchange.body.find(std::string(kBefore));
  if (begin == std::string::npos) return;
  begin += kBefore.size() - 1;
  const size_t end = exchange.body.find(']', begin);
  const std::string was = exchange.body.substr(begin + 1, end - begin - 2);
  exchange.body.replace(begin, end - begin, absl::StrReplaceAll(value, {{"$", was}}));
}

// The whole result, likewise.
void PutResult(HttpExchange& exchange, absl::string_view result) {
  constexpr absl::string_view kBefore = R"("result":[)";
  size_t begin = exchange.body.find(std::string(kBefore));
  if (begin == std::string::npos) return;
  begin += kBefore.size();
  const size_t end = exchange.body.rfind(']');
  const std::string was = exchange.body.substr(begin, end - begin);
  exchange.body.replace(begin, end - begin, absl::StrReplaceAll(result, {{"$", was}}));
}

void Replace(HttpExchange& exchange, absl::string_view what, absl::string_view by) {
  exchange.body = absl::StrReplaceAll(exchange.body, {{what, by}});
}

// What one answer can be instead of the truth. Each must be seen through, or hold the release.
const struct {
  const char* name;
  fake::FailingHttp::Spoil spoil;
} kLies[] = {
    {"timed out", [](const HttpRequest&,
                     HttpExchange& e) { e = fake::NotAnswered(HttpEnd::kTimedOut, "silence"); }},
    {"too large", [](const HttpRequest&, HttpExchange& e) { e.end = HttpEnd::kTooLarge; }},
    {"torn", [](const HttpRequest&, HttpExchange& e) { e.body.resize(e.body.size() / 2); }},
    {"empty", [](const HttpRequest&, HttpExchange& e) { e.body.clear(); }},
    {"wrong JSON", [](const HttpRequest&,
                      HttpExchange& e) { e.body = R"({"status":"success","data":[[[1]]]})"; }},
    {"trailing text", [](const HttpRequest&, HttpExchange& e) { e.body += "{}"; }},
    {"login page", [](const HttpRequest&, HttpExchange& e) { e.content_type = "text/html"; }},
    {"500", [](const HttpRequest&, HttpExchange& e) { e.status = 500; }},
    {"403", [](const HttpRequest&, HttpExchange& e) { e.status = 403; }},
    {"redirect", [](const HttpRequest&, HttpExchange& e) { e.status = 302; }},
    {"error", [](const HttpRequest&, HttpExchange& e) { Replace(e, "success", "error"); }},
    {"warnings", [](const HttpRequest&,
                    HttpExchange& e) { Replace(e, "]}}", R"(]},"warnings":["left out"]})"); }},
    {"NaN", [](const HttpRequest&, HttpExchange& e) { PutValue(e, R"("NaN")"); }},
    {"infinite", [](const HttpRequest&, HttpExchange& e) { PutValue(e, R"("+Inf")"); }},
    {"negative", [](const HttpRequest&, HttpExchange& e) { PutValue(e, R"("-$")"); }},
    {"a number", [](const HttpRequest&, HttpExchange& e) { PutValue(e, "$"); }},
    {"other instant",
     [](const HttpRequest&, HttpExchange& e) { Replace(e, "[1795403560", "[1795403260"); }},
    {"two series", [](const HttpRequest&, HttpExchange& e) { PutResult(e, "$,$"); }},
    {"no data", [](const HttpRequest&, HttpExchange& e) { PutResult(e, ""); }},
    // Of the shortest window nobody can say that it is none.
    {"no failures",
     [](const HttpRequest& request, HttpExchange& e) {
       const std::string query = fake::FormValue(request, "query");
       if (!absl::StrContains(query, "[5m]")) Replace(e, R"("code":"500")", R"("code":"fine2")");
     }},
    {"no such thing", [](const HttpRequest&, HttpExchange& e) { e = HttpExchange(); }},
};

class Lies : public FaultLoop {};

TEST_P(Lies, AreSeenThroughOrBlock) {
  for (const auto& lie : kLies) {
    SCOPED_TRACE(lie.name);
    PlayWithEachFault(Seams::kHttp, lie.spoil);
  }
}

const auto kName = [](const auto& story) { return story.param.name; };
INSTANTIATE_TEST_SUITE_P(All, FaultLoop, testing::ValuesIn(kStories), kName);
INSTANTIATE_TEST_SUITE_P(Asking, Lies, testing::ValuesIn(kStories, kStories + kAsking), kName);

}  // namespace
}  // namespace slogate
