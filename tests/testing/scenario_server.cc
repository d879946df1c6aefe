#include "tests/testing/scenario_server.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "gate/base/duration.h"
#include "gate/evidence/slots.h"
#include "gate/prometheus/promql.h"

namespace slogate::fake {
namespace {

// What older_than of stale is, where a policy does not say.
constexpr absl::Duration kFresh = absl::Minutes(5);

constexpr char kNow[] = "2026-11-23T03:12:40Z";

absl::Time TimeOf(absl::string_view text) {
  return ParseTime(text).value_or(absl::InfiniteFuture());
}

// The first word, taken off `text` with the blanks after it.
absl::string_view Word(absl::string_view& text) {
  const size_t end = std::min(text.find(' '), text.size());
  const absl::string_view word = text.substr(0, end);
  text = absl::StripLeadingAsciiWhitespace(text.substr(end));
  return word;
}

bool IsNumber(absl::string_view text) {
  double value = 0;
  return absl::SimpleAtod(text, &value);
}

bool TellsWhoAsks(const std::string& header) {
  for (const char* usual :
       {"Host", "User-Agent", "Accept", "Accept-Encoding", "Content-Type", "Content-Length"}) {
    if (absl::EqualsIgnoreCase(header, usual)) return false;
  }
  return true;
}

std::string LineOf(const Request& request) {
  std::string line = absl::StrCat(request.method, " ", request.target);
  for (const auto& [key, value] : request.form) absl::StrAppend(&line, "  ", key, "=", value);
  for (const auto& [name, value] : request.headers) {
    if (TellsWhoAsks(name)) absl::StrAppend(&line, "  ", name, ": ", value);
  }
  return line;
}

}  // namespace

ScenarioServer::ScenarioServer(absl::string_view lines)
    : now_(TimeOf(kNow)), clock_(now_), replies_(now_) {
  // The instant first: answers are told for it.
  const std::vector<std::string> all = absl::StrSplit(lines, '\n');
  for (const std::string& line : all) {
    if (absl::StartsWith(line, "now ")) now_ = TimeOf(line.substr(4));
  }
  clock_ = now_;
  replies_ = PrometheusReplies(now_);
  for (const std::string& line : all) {
    if (!line.empty() && line[0] != '#') Tell(line);
  }
  if (nobody_ == nullptr)
    server_ = std::make_unique<Server>([this](const Request& request) { return Serve(request); });
}

std::string ScenarioServer::url() const { return server_ ? server_->url() : nobody_->url(); }

std::string ScenarioServer::Requests() const {
  std::vector<std::string> lines;
  if (server_) {
    for (const Request& request : server_->requests()) lines.push_back(LineOf(request) + "\n");
  }
  std::sort(lines.begin(), lines.end());
  return absl::StrJoin(lines, "");
}

std::vector<std::string> ScenarioServer::Mistakes() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return mistakes_;
}

void ScenarioServer::Wrong(std::string mistake) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (std::find(mistakes_.begin(), mistakes_.end(), mistake) == mistakes_.end())
    mistakes_.push_back(std::move(mistake));
}

Reply ScenarioServer::Serve(const Request& request) {
  if (first_ > 0) {
    --first_;
    return at_first_;
  }
  if (absl::EndsWith(request.path, kSamplesPath)) {
    if (read_) return *read_;
    return store_.empty() ? replies_(request) : store_.Read(request.body);
  }
  const std::string asked =
      absl::StrCat(request.Form("query"), request.Form("match[]"));  // never both
  // Only a story about forecasts tells of single days; of the others nobody can forecast.
  const bool of_a_day = absl::StrContains(asked, "increase(") && absl::StrContains(asked, "[1d]");
  if (!anything_ && asked != "time()" && !of_a_day && !replies_.Knows(asked))
    Wrong(absl::StrCat("no line speaks of ", asked));
  return replies_(request);
}

void ScenarioServer::Tell(absl::string_view line) {
  absl::string_view rest = line;
  const absl::string_view word = Word(rest);
  const size_t arrow = line.rfind(" => ");
  if (word == "now" || word == "clock") {
    if (TimeOf(rest) == absl::InfiniteFuture()) Wrong(absl::StrCat("no time: ", line));
    if (word == "clock") clock_ = TimeOf(rest);
  } else if (line == "unlisted => empty") {
    anything_ = true;
  } else if (word == "stored") {
    TellStored(rest);
  } else if (word == "read" && arrow == 4) {
    read_ = ReplyOf(line.substr(arrow + 4));
    if (!read_) Wrong(absl::StrCat("no such reply: ", line));
  } else if (word == "first" && arrow != absl::string_view::npos) {
    const std::optional<Reply> reply = ReplyOf(line.substr(arrow + 4));
    if (!reply || !absl::SimpleAtoi(Word(rest), &first_)) return Wrong(absl::StrCat("no: ", line));
    at_first_ = *reply;
  } else if (arrow != absl::string_view::npos) {
    TellReply(std::string(line.substr(0, arrow)), line.substr(arrow + 4));
  } else {
    TellAbout(word, rest);
  }
}

void ScenarioServer::TellStored(absl::string_view rest) {
  const size_t end = std::min(rest.rfind('}') + 1, rest.size());
  const std::vector<absl::string_view> words =
      absl::StrSplit(rest.substr(end), ' ', absl::SkipEmpty());
  double first = 0, more = 0;
  const auto age = ParseDuration(words.size() == 4 ? words[0] : "");
  const auto step = ParseDuration(words.size() == 4 ? words[1] : "");
  if (!age || !step || !absl::SimpleAtod(words[2], &first) || !absl::SimpleAtod(words[3], &more))
    return Wrong(absl::StrCat("cannot read: stored ", rest));
  store_.Add(rest.substr(0, end), now_ - *age, now_, *step, first, more);
}

// events, fresh, stale, history and seen: a selector, then what is said of it.
void ScenarioServer::TellAbout(absl::string_view what, absl::string_view rest) {
  const size_t brace = rest.rfind('}');
  const size_t end = std::min(rest.find(' ', brace == rest.npos ? 0 : brace), rest.size());
  Selector selector;
  SelectorMistake mistake;
  if (!ParseSelector(rest.substr(0, end), selector, mistake)) {
    return Wrong(absl::StrCat("cannot read: ", what, " ", rest, ": ", mistake.message));
  }
  std::vector<absl::string_view> words = absl::StrSplit(rest.substr(end), ' ', absl::SkipEmpty());
  if (what == "events") {
    for (const absl::string_view word : words) {
      const std::pair<absl::string_view, absl::string_view> parts = absl::StrSplit(word, '=');
      const std::vector<absl::string_view> window = absl::StrSplit(parts.first, '@');
      const auto over = ParseDuration(window[0]);
      const auto ago = window.size() == 2 ? ParseDuration(window[1]) : absl::ZeroDuration();
      if (!over || !ago) return Wrong(absl::StrCat("no window: ", word));
      Answer(QuestionKind::kEvents, selector, *over, 0, parts.second, *ago);
    }
  } else if (what == "fresh") {
    const absl::string_view age = words.empty() ? "12" : words[0];
    Answer(QuestionKind::kNewestSample, selector, absl::Minutes(5), 0, age);
    Answer(QuestionKind::kNewestSample, selector, absl::Minutes(5), 1, "none");
  } else if (const auto over = words.empty() ? std::nullopt : ParseDuration(words[0]); !over) {
    Wrong(absl::StrCat("cannot read: ", what, " ", rest));
  } else if (what == "stale") {
    Answer(QuestionKind::kNewestSample, selector, *over, 0, "none");
    Answer(QuestionKind::kNewestSample, selector, *over, 1, "1");
  } else if (what == "history") {
    const bool whole = words.size() < 2;
    Answer(QuestionKind::kHistory, selector, *over, 0, whole ? "1" : "none");
    Answer(QuestionKind::kHistory, selector, *over, 1, "none");
    Answer(QuestionKind::kHistory, selector, *over, 2, whole ? "none" : words[1]);
    const Slots slots = SlotsOf(*over, kFresh);
    int64_t age = absl::ToInt64Seconds(*over);
    const bool any = whole || absl::SimpleAtoi(words[1], &age);
    const int64_t covered = age / absl::ToInt64Seconds(slots.length);
    Answer(QuestionKind::kCoverage, selector, *over, 0, any ? absl::StrCat(covered) : "none");
  } else if (what == "covered" && words.size() == 2) {
    Answer(QuestionKind::kCoverage, selector, *over, 0, words[1]);
  } else if (what == "seen" && words.size() == 2) {
    Answer(QuestionKind::kSeriesSeen, selector, *over, 0, words[1] == "samples" ? "1" : "none");
    Answer(QuestionKind::kSeriesSeen, selector, *over, 1, words[1] == "index" ? "1" : "none");
  } else {
    Wrong(absl::StrCat("cannot read: ", what, " ", rest));
  }
}

// What the request number `index` for a question is answered: one number, or "none".
void ScenarioServer::Answer(QuestionKind kind, const Selector& selector, absl::Duration over,
                            size_t index, absl::string_view value, absl::Duration ago) {
  Question question{kind, "", selector, over};
  question.ago = ago;
  if (kind == QuestionKind::kCoverage) question.max_age = kFresh;
  const std::vector<Ask> asks = AsksFor(question);
  if (index >= asks.size()) return;
  const std::string query = QueryText(asks[index]);
  if (asks[index].kind == Ask::Kind::kIndex) {
    replies_.Series(query, {});
    if (value != "none") replies_.Series(query, {{{"__name__", selector.metric}}});
  } else {
    replies_.Vector(query, {});
    if (value != "none") replies_.Value(query, value);
  }
}

void ScenarioServer::TellReply(const std::string& query, absl::string_view reply) {
  if (query == "everything" && reply == "refuse") {
    nobody_ = std::make_unique<RefusingPort>();
    return;
  }
  if (query == "everything" && reply == "hang") {
    hangs_ = true;
    replies_.Always(Hang());
    return;
  }
  const std::optional<Reply> whole = ReplyOf(reply);
  if (query == "everything" && whole) {
    anything_ = true;
    replies_.Always(*whole);
  } else if (whole) {
    replies_.Instead(query, *whole);
  } else if (IsNumber(reply) && query == "time()") {
    replies_.Scalar(query, reply);
  } else if (IsNumber(reply)) {
    replies_.Value(query, reply);
  } else if (reply == "empty") {
    replies_.Vector(query, {});
  } else if (absl::ConsumePrefix(&reply, "several ")) {
    std::vector<Sample> samples;
    for (const absl::string_view value : absl::StrSplit(reply, ' ')) {
      samples.push_back(
          {{{"instance", absl::StrCat("host", samples.size() + 1)}}, std::string(value)});
    }
    replies_.Vector(query, std::move(samples));
  } else {
    Wrong(absl::StrCat("no such reply: ", reply));
  }
}

// The replies that are an HTTP message of their own.
std::optional<Reply> ScenarioServer::ReplyOf(absl::string_view reply) const {
  const absl::string_view kind = Word(reply);
  if (kind == "close") return CloseWithoutAnswer();
  if (kind == "reset") return ResetWithoutAnswer();
  if (kind == "endless") return EndlessChunks();
  if (kind == "half") return HalfOf(Json(R"({"status":"success"})"), Reply::Then::kClose);
  if (kind == "json") return Json(reply);
  if (kind == "redirect")
    return fake::Answer(302, "text/html", "Found", {{"Location", std::string(reply)}});
  if (kind == "warning") {
    const absl::string_view value = Word(reply);
    return WarnedReply(absl::StrCat(R"({"resultType":"vector","result":[{"metric":{},"value":[)",
                                    absl::ToUnixSeconds(now_), ",\"", value, "\"]}]}"),
                       {std::string(reply)});
  }
  int status = 0;
  if (kind == "busy" && absl::SimpleAtoi(Word(reply), &status)) {
    const std::string retry_after(Word(reply));
    return fake::Answer(status, "text/plain", reply, {{"Retry-After", retry_after}});
  }
  if ((kind != "error" && kind != "status") || !absl::SimpleAtoi(Word(reply), &status)) return {};
  const absl::string_view type = Word(reply);
  return kind == "error" ? ErrorReply(status, type, reply) : fake::Answer(status, type, reply);
}

}  // namespace slogate::fake
