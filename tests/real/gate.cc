#include "tests/real/gate.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <gtest/gtest.h>

#include "gate/cli/run.h"
#include "tests/cli/memory_world.h"

namespace slogate::fake {

namespace {

std::vector<std::string> SortedSeries(const std::string& body) {
  const absl::StatusOr<json::Value> answer = json::Parse(body);
  if (!answer.ok()) return {body};
  std::vector<std::string> series;
  for (const json::Value& one : (*answer)["data"]["result"].array())
    series.push_back(json::Dump(one));
  std::sort(series.begin(), series.end());
  return series;
}

// What the screen says of when a budget recovers differs with the moment at which it is asked for.
std::string WithoutForecast(const std::string& screen) {
  std::vector<absl::string_view> kept;
  bool forecast = false;
  for (const absl::string_view line : absl::StrSplit(screen, '\n')) {
    forecast = absl::StartsWith(line, "  It recovers about ") ||
               (forecast && absl::StartsWith(line, "    "));
    if (!forecast) kept.push_back(line);
  }
  return absl::StrJoin(kept, "\n");
}

// The same but for texts, and for the noise of sums that were added up in another order.
void ExpectNear(const json::Value& one, const json::Value& other, const std::string& path) {
  if (one.is_object() && other.is_object()) {
    for (const auto& [name, value] : one.object()) {
      if (name != "text") ExpectNear(value, other[name], absl::StrCat(path, ".", name));
    }
  } else if (one.is_array() && other.is_array()) {
    ASSERT_EQ(one.array().size(), other.array().size()) << path;
    for (size_t i = 0; i < one.array().size(); ++i) {
      ExpectNear(one.array()[i], other.array()[i], absl::StrCat(path, "[", i, "]"));
    }
  } else if (one.is_number() && other.is_number()) {
    const double a = std::stod(one.text()), b = std::stod(other.text());
    EXPECT_NEAR(a, b, 1e-8 * std::max(1.0, std::abs(a))) << path;
  } else {
    EXPECT_EQ(json::Dump(one), json::Dump(other)) << path;
  }
}

// Samples do not tell what came after the last of them, and increase() extrapolates: both by a scrape or
// two. Beyond that the estimate lies between the ends of the count.
void ExpectCountedAlike(const json::Value& promql, const json::Value& samples) {
  for (const auto& [low, high] : {std::pair("total", "total"), {"bad_low", "bad"}}) {
    ASSERT_EQ(promql[high].is_null(), samples[high].is_null()) << high;
    if (promql[high].is_null()) continue;
    const double estimate = std::stod(promql[high].text());
    const double scrapes = 0.01 * estimate + 10;
    EXPECT_GE(std::stod(samples[high].text()), estimate - scrapes) << high;
    EXPECT_LE(std::stod(samples[low].text()), estimate + scrapes) << low;
  }
}

}  // namespace

double Checked::Number(absl::string_view field) const {
  const json::Value& value = slo()[field];
  return value.is_number() ? std::stod(value.text()) : std::numeric_limits<double>::quiet_NaN();
}

std::string Checked::Findings() const {
  std::vector<std::string> kinds;
  for (const json::Value& finding : decision["findings"].array()) {
    std::string kind = finding["kind"].text() + (finding["decisive"].boolean() ? "!" : "");
    if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
  }
  return absl::StrJoin(kinds, " ");
}

std::string Checked::FirstFinding() const {
  const json::Array &findings = decision["findings"].array(), &next = decision["next"].array();
  if (findings.empty() || next.empty()) return "";
  const std::string text =
      absl::StrCat(findings[0]["text"].text(), "\n", next[0]["text"].text(), "\n");
  return absl::StrReplaceAll(text, {{decision["evidence"]["source"]["url"].text(), "SOURCE"}});
}

Gate::Gate() : home_(std::filesystem::current_path().string()) {
  std::filesystem::current_path(folder_.path());
}

Gate::~Gate() { std::filesystem::current_path(home_); }

Ran Gate::Run(const std::vector<std::string>& arguments, Http& http) {
  MemoryStream out, err;
  World world{*clock_, environment, *files_, http, out, err};
  const int exit = slogate::Run(arguments, world);
  return {exit, out.text, err.text};
}

Checked Gate::Check(const std::vector<std::string>& arguments, const std::string& url) {
  return Check(arguments, url, *CurlHttp());
}

Checked Gate::Check(const std::vector<std::string>& arguments, const std::string& url, Http& http) {
  std::filesystem::remove("decision.json");
  std::vector<std::string> words = {"check", "--json", "decision.json"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  const Ran ran = Run(words, http);
  Checked checked{ran.exit, ran.out, ran.err, folder_.Read("decision.json"), {}, {}};
  if (checked.document.empty()) return checked;
  absl::StatusOr<json::Value> decision = json::Parse(checked.document);
  EXPECT_TRUE(decision.ok()) << decision.status();
  if (!decision.ok()) return checked;
  checked.decision = *std::move(decision);
  const std::string& instant = checked.decision["instant"].text();
  std::string error;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, instant, &checked.instant, &error)) << error;
  checked.screen = absl::StrReplaceAll(checked.screen, {{instant, "INSTANT"}});
  checked.screen = WithoutForecast(checked.screen);
  ExpectHonest(checked);
  ExpectReplayed(checked);
  if (!url.empty()) {
    ExpectPastable(checked, url);
    ExpectSameAskedApart(checked, arguments);
    ExpectSameBySamples(checked, arguments);
  }
  return checked;
}

void Gate::ExpectHonest(const Checked& checked) {
  const json::Value& decision = checked.decision;
  const bool proceeds = decision["exit_code"].text() == "0";
  EXPECT_EQ(decision["outcome"].text(), proceeds ? "proceed" : "blocked");
  if (!decision["dry_run"].boolean()) {
    EXPECT_EQ(decision["exit_code"].text(), absl::StrCat(checked.exit));
  }
  for (const json::Value& finding : decision["findings"].array()) {
    const bool holds = finding["verdict"].text() == "hold" || finding["verdict"].text() == "deny";
    EXPECT_FALSE(proceeds && holds && finding["decisive"].boolean()) << finding["text"].text();
  }
}

json::Value Gate::Again(const Checked& checked, const std::vector<std::string>& arguments,
                        Asking asking) {
  std::vector<std::string> words = {"check", "--json", "again.json"};
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--at") {
      ++i;  // and what follows it
    } else if (arguments[i] != "--dry-run" && arguments[i] != "--detailed-exit-code") {
      words.push_back(arguments[i]);
    }
  }
  words.insert(words.end(), {"--dry-run", "--at", checked.decision["instant"].text()});
  MemoryStream out, err;
  const std::unique_ptr<Http> http = CurlHttp();
  World world{*clock_, environment, *files_, *http, out, err, asking};
  slogate::Run(words, world);
  absl::StatusOr<json::Value> again = json::Parse(folder_.Read("again.json"));
  EXPECT_TRUE(again.ok()) << again.status() << err.text;
  return again.ok() ? *std::move(again) : json::Value();
}

void Gate::ExpectSameAskedApart(const Checked& checked, const std::vector<std::string>& arguments) {
  const json::Value apart = Again(checked, arguments, Asking::kApart);
  for (const char* part :
       {"verdict", "outcome", "basis", "exit_code", "slos", "rules", "findings"}) {
    ExpectNear(checked.decision[part], apart[part], part);
  }
}

void Gate::ExpectSameBySamples(const Checked& checked, const std::vector<std::string>& arguments) {
  const std::string url = checked.decision["evidence"]["source"]["url"].text();
  const std::string policy = folder_.Read("policy.yaml");
  if (absl::StrContains(policy, "counting:")) return;
  // As a flow mapping and as a block.
  Write("policy.yaml",
        absl::StrReplaceAll(
            policy, {{absl::StrCat("{url: '", url), absl::StrCat("{counting: auto, url: '", url)},
                     {absl::StrCat("    url: '", url),
                      absl::StrCat("    counting: auto\n    url: '", url)}}));
  const json::Value samples = Again(checked, arguments, Asking::kTogether);
  Write("policy.yaml", policy);
  // Old counters that look new are told of; increase() would not notice.
  for (const json::Value& finding : samples["findings"].array()) {
    if (finding["kind"].text() == "births") return;
  }
  const json::Array &rules = checked.decision["rules"].array(),
                    &by_samples = samples["rules"].array();
  ASSERT_EQ(rules.size(), by_samples.size());
  bool too_close = false;
  for (size_t i = 0; i < rules.size(); ++i) {
    // An estimate cannot tell what is exactly at a threshold, a count can.
    const bool open = rules[i]["truth"].text() == "unknown" && checked.Findings().empty();
    too_close = too_close || open;
    if (open) continue;
    EXPECT_EQ(json::Dump(rules[i]["truth"]), json::Dump(by_samples[i]["truth"])) << i;
  }
  const json::Array &slos = checked.decision["slos"].array(), &counted = samples["slos"].array();
  ASSERT_EQ(slos.size(), counted.size());
  for (size_t i = 0; i < slos.size(); ++i) ExpectCountedAlike(slos[i], counted[i]);
  if (too_close) return;
  for (const char* part : {"verdict", "outcome", "basis", "exit_code"})
    EXPECT_EQ(json::Dump(checked.decision[part]), json::Dump(samples[part])) << part;
}

void Gate::ExpectReplayed(const Checked& checked) {
  ScriptedHttp nobody{std::vector<HttpExchange>()};
  const Ran replayed = Run({"replay", "decision.json"}, nobody);
  EXPECT_EQ(replayed.exit, 0) << replayed.err;
  EXPECT_EQ(replayed.out, absl::StrCat("same: ", checked.decision["verdict"].text(), ", ",
                                       checked.decision["outcome"].text(), ", as recorded\n"));
  EXPECT_TRUE(nobody.batches.empty());
}

void Gate::ExpectPastable(const Checked& checked, const std::string& url) {
  ScriptedHttp nobody{std::vector<HttpExchange>()};
  const Ran explained = Run({"explain", "decision.json"}, nobody);
  EXPECT_EQ(explained.exit, 0) << explained.err;
  struct Shown {
    std::string path, query, answer;
  };
  std::vector<Shown> shown;
  std::vector<HttpRequest> requests;
  for (absl::string_view line : absl::StrSplit(explained.out, '\n')) {
    if (!absl::ConsumePrefix(&line, "    ")) continue;
    if (absl::StartsWith(line, "/api/v1/")) {
      const std::pair<std::string, std::string> parts =
          absl::StrSplit(line, absl::MaxSplits("  ", 1));
      shown.push_back({parts.first, parts.second, ""});
      HttpRequest request;
      request.url = absl::StrCat(url, parts.first);
      request.form = {{parts.first == "/api/v1/series" ? "match[]" : "query", parts.second},
                      {"time", absl::StrCat(absl::ToUnixSeconds(checked.instant))},
                      {"nocache", "1"}};
      requests.push_back(std::move(request));
    } else if (absl::ConsumePrefix(&line, "HTTP 200  ")) {
      shown.back().answer = std::string(line);
    }
  }
  EXPECT_FALSE(shown.empty()) << explained.out;
  const std::vector<HttpExchange> answers = CurlHttp()->Perform(requests, 2, absl::Seconds(60), {});
  for (size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(answers[i].status, 200) << shown[i].query << ": " << answers[i].body;
    if (shown[i].query == "time()" || shown[i].path == "/api/v1/series") continue;
    // A server need not keep its series in order.
    EXPECT_EQ(SortedSeries(answers[i].body), SortedSeries(shown[i].answer)) << shown[i].query;
  }
}

}  // namespace slogate::fake
