#include "tests/testing/scenario.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <re2/re2.h>

#include "gate/cli/run.h"
#include "gate/text/json.h"
#include "tests/testing/fakes.h"
#include "tests/testing/scenario_server.h"
#include "tests/testing/temp_folder.h"

namespace slogate::fake {
namespace {

constexpr absl::string_view kReadyMadeServer = "https://prometheus.example:9090";

// The servers of a scenario by name; one has none.
using Servers = std::map<std::string, std::unique_ptr<ScenarioServer>>;

// Where a server is in policies.
std::string AddressOf(const std::string& name) {
  return absl::StrCat("http://", name, name.empty() ? "" : ".", "prometheus.test:9090");
}

bool IsServer(const std::string& section) {
  return section == "prometheus" || absl::StartsWith(section, "prometheus ");
}

struct Section {
  std::string name, fixture, body;
  std::string header;  // as it stands, with its line end
};

std::vector<Section> SectionsOf(absl::string_view text) {
  std::vector<Section> sections(1);  // the story
  for (const absl::string_view line : absl::StrSplit(text, absl::ByChar('\n'))) {
    absl::string_view name = line;
    if (absl::ConsumePrefix(&name, "-- ") && absl::ConsumeSuffix(&name, " --")) {
      const std::vector<std::string> parts = absl::StrSplit(name, " = ");
      sections.push_back(
          {parts[0], parts.size() > 1 ? parts[1] : "", "", absl::StrCat(line, "\n")});
    } else {
      absl::StrAppend(&sections.back().body, line, "\n");
    }
  }
  // A last line end begins no line.
  if (absl::EndsWith(text, "\n")) sections.back().body.pop_back();
  return sections;
}

std::string ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

class TextStream : public Stream {
 public:
  absl::Status Write(absl::string_view bytes) override {
    if (broken) return absl::UnavailableError("cannot write to standard output: it is full");
    absl::StrAppend(&text, bytes);
    return absl::OkStatus();
  }
  bool IsTerminal() override { return terminal; }

  std::string text;
  bool broken = false, terminal = false;
};

// Real HTTP, to wherever the scenario's servers listen.
class Rerouted : public Http {
 public:
  Rerouted(const Servers& servers, FixedClock& clock)
      : servers_(servers), clock_(clock), curl_(CurlHttp(NoPause)) {}

  std::vector<HttpExchange> Perform(absl::Span<const HttpRequest> requests, int concurrency,
                                    absl::Duration time_left,
                                    const std::function<void(size_t ended)>& on_progress) override {
    std::vector<HttpRequest> sent(requests.begin(), requests.end());
    bool hangs = false;
    for (HttpRequest& request : sent) {
      for (const auto& [name, server] : servers_) {
        const std::string address = AddressOf(name);
        if (!absl::StartsWith(request.url, address)) continue;
        request.url.replace(0, address.size(), server->url());
        hangs = hangs || server->hangs();
      }
    }
    // Waiting longer for silence would not tell more; the clock goes on as if it had been waited.
    const absl::Duration wait = hangs ? std::min(time_left, absl::Milliseconds(100)) : time_left;
    std::vector<HttpExchange> exchanges = curl_->Perform(sent, concurrency, wait, on_progress);
    if (hangs) clock_.monotonic += time_left;
    return exchanges;
  }

 private:
  const Servers& servers_;
  FixedClock& clock_;
  std::unique_ptr<Http> curl_;
};

// The words of a command line: blanks and line ends part them, quotes of both kinds hold together.
std::vector<std::string> WordsOf(absl::string_view command) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;
  char quote = 0;
  for (const char c : absl::StrCat(command, " ")) {
    if (quote == 0 && (c == ' ' || c == '\n')) {
      if (open) words.push_back(std::exchange(word, ""));
      open = false;
    } else if (quote == 0 ? c == '\'' || c == '"' : c == quote) {
      quote = quote == 0 ? c : 0;
      open = true;
    } else {
      word += c;
      open = true;
    }
  }
  return words;
}

// Text as a section can hold it: it ends with a line end, and an escape can be seen.
std::string Shown(const std::string& text) {
  if (text.empty()) return "";
  const std::string visible = absl::StrReplaceAll(text, {{"\x1b", "␛"}});
  return absl::EndsWith(visible, "\n") ? visible
                                       : absl::StrCat(visible, "\n(no line end at the end)\n");
}

std::string FirstLines(const std::string& text, size_t count) {
  const std::vector<absl::string_view> lines = absl::StrSplit(text, '\n');
  const size_t shown = std::min(count, lines.size());
  return absl::StrCat(
      absl::StrJoin(lines.begin(), lines.begin() + static_cast<std::ptrdiff_t>(shown), "\n"), "\n");
}

// The value at a path of member names between dots; "name[2]" is an element, "name[]" all of them.
json::Value At(const json::Value& value, absl::string_view path) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(path, absl::MaxSplits('.', 1));
  std::pair<absl::string_view, absl::string_view> step =
      absl::StrSplit(parts.first, absl::MaxSplits('[', 1));
  const auto on = [&](const json::Value& inner) {
    return parts.second.empty() ? inner : At(inner, parts.second);
  };
  const json::Value& member = value[step.first];
  size_t index = 0;
  if (step.second.empty()) return on(member);
  if (absl::SimpleAtoi(absl::StripSuffix(step.second, "]"), &index)) {
    return index < member.array().size() ? on(member.array()[index]) : json::Value();
  }
  json::Array all;
  for (const json::Value& element : member.array()) all.push_back(on(element));
  return all;
}

// What a run left behind.
struct Outcome {
  int exit = 0;
  std::string out, err, requests;
  std::map<std::string, std::string> files;  // new or changed, by name
};

class Player {
 public:
  Player(absl::string_view text, const std::string& fixtures, Asking asking)
      : sections_(SectionsOf(text)),
        fixtures_(fixtures),
        asking_(asking),
        home_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder_.path());
  }
  ~Player() { std::filesystem::current_path(home_); }
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  Played Play() {
    if (!absl::StartsWith(sections_[0].body, "# ")) Wrong("the story is missing");
    played_.text = sections_[0].body;
    for (size_t i = 1; i < sections_.size(); ++i) {
      const Section& section = sections_[i];
      if (section.name == "run") {
        Keep(section);
        const Outcome outcome = Run(section.body);
        LookForSecrets(outcome);
        ran_ = true;
        size_t end = i + 1;
        while (end < sections_.size() && sections_[end].name != "run" &&
               !IsServer(sections_[end].name))
          ++end;
        Tell(outcome, i + 1, end);
        i = end - 1;
      } else {
        Take(section);
      }
    }
    if (!ran_) Wrong("nothing is run");
    return std::move(played_);
  }

 private:
  void Wrong(std::string mistake) { played_.mistakes.push_back(std::move(mistake)); }
  void Keep(const Section& section) {
    absl::StrAppend(&played_.text, section.header, section.body);
  }

  void Take(const Section& section) {
    Keep(section);
    std::string content = section.body;
    if (!section.fixture.empty()) {
      const std::string path = absl::StrCat(fixtures_, "/", section.fixture);
      if (!std::filesystem::is_regular_file(path)) Wrong(absl::StrCat("no such fixture: ", path));
      content = absl::StrReplaceAll(ReadWhole(path), {{kReadyMadeServer, AddressOf("")}});
    }
    if (IsServer(section.name)) {
      absl::string_view name = section.name;
      absl::ConsumePrefix(&name, "prometheus");
      absl::StrAppend(&lines_[std::string(absl::StripLeadingAsciiWhitespace(name))], content, "\n");
    } else if (section.name == "environment") {
      for (const absl::string_view line : absl::StrSplit(content, '\n', absl::SkipEmpty())) {
        const std::pair<std::string, std::string> parts =
            absl::StrSplit(line, absl::MaxSplits('=', 1));
        environment_.variables.insert(parts);
      }
    } else if (section.name == "secret") {
      for (const absl::string_view line : absl::StrSplit(content, '\n', absl::SkipEmpty()))
        secrets_.emplace_back(line);
    } else if (absl::StrContains(section.name, '.') || absl::StrContains(section.name, '/')) {
      files_[section.name] = content;
      folder_.Write(section.name, content);
    } else {
      Wrong(absl::StrCat("no such section here: ", section.name));
    }
  }

  Outcome Run(const std::string& command) {
    TextStream out, err;
    std::vector<std::string> arguments;
    MapEnvironment environment = environment_;
    std::string login = "ci";
    for (std::string& word : WordsOf(absl::StrReplaceAll(command, names_))) {
      const std::vector<std::string> parts = absl::StrSplit(word, absl::MaxSplits('=', 1));
      if (arguments.empty() && parts.size() == 2) {
        (parts[0] == "LOGIN" ? login : environment.variables[parts[0]]) = parts[1];
      } else if (word == ">/dev/full") {
        out.broken = true;
      } else if (word == ">/dev/tty") {
        out.terminal = true;
      } else {
        arguments.push_back(std::move(word));
      }
    }
    if (arguments.empty() || arguments[0] != "slogate") Wrong("a run begins with slogate");
    if (!arguments.empty()) arguments.erase(arguments.begin());

    Servers servers;
    for (const auto& [name, lines] : lines_)
      servers[name] = std::make_unique<ScenarioServer>(lines);
    FixedClock clock(servers.at("")->gate_clock());
    const std::unique_ptr<Files> files = RealFiles();
    Rerouted http(servers, clock);
    World world{clock, environment, *files,  http,
                out,   err,         asking_, [] { return std::string("TOKEN"); }};
    world.new_nonce = [this] {
      ++nonces_;
      return absl::StrFormat("%012x%020x", nonces_, nonces_);
    };
    world.login_name = [&login] { return login; };
    world.pause = [&clock](absl::Duration length) {
      clock.now += length;
      clock.monotonic += length;
    };
    Outcome outcome;
    outcome.exit = slogate::Run(arguments, world);
    outcome.out = out.text;
    outcome.err = err.text;
    Remember(absl::StrCat(out.text, err.text));
    for (const auto& [name, server] : servers) {
      for (const absl::string_view line :
           absl::StrSplit(server->Requests(), '\n', absl::SkipEmpty()))
        absl::StrAppend(&outcome.requests, name, name.empty() ? "" : " ", line, "\n");
      for (std::string& mistake : server->Mistakes()) Wrong(absl::StrCat(name, mistake));
    }
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (!entry.is_regular_file()) continue;
      const std::string name = std::filesystem::relative(entry.path(), folder_.path()).string();
      std::string content = ReadWhole(entry.path().string());
      const auto known = files_.find(name);
      if (known != files_.end() && known->second == content) continue;
      files_[name] = content;
      outcome.files[name] = std::move(content);
    }
    return outcome;
  }

  // What later commands may name.
  void Remember(const std::string& said) {
    const auto last = [&](const char* name, const char* pattern) {
      re2::StringPiece rest(said);
      std::string found;
      while (RE2::FindAndConsume(&rest, pattern, &found)) names_[name] = found;
    };
    last("DECISION", "--decision ([0-9a-f]{16})");
    last("DECISION", "Recorded as decision ([0-9a-f]{16})");
    last("OVERRIDE", "(ov-[0-9a-f]{12})");
    last("CHECKPOINT", "checkpoint ([A-Za-z0-9.:_-]+:[0-9]+:[A-Za-z0-9+/=]+)");
  }

  void LookForSecrets(const Outcome& outcome) {
    for (const std::string& secret : secrets_) {
      if (absl::StrContains(outcome.out, secret)) Wrong(absl::StrCat(secret, " is on stdout"));
      if (absl::StrContains(outcome.err, secret)) Wrong(absl::StrCat(secret, " is on stderr"));
      for (const auto& [name, content] : outcome.files) {
        if (absl::StrContains(content, secret)) Wrong(absl::StrCat(secret, " is in ", name));
      }
    }
  }

  // What came of a run, in the sections from `begin` to `end` and others where there is more.
  void Tell(const Outcome& outcome, size_t begin, size_t end) {
    const auto first = sections_.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = sections_.begin() + static_cast<std::ptrdiff_t>(end);
    const auto asked = [&](absl::string_view name) {
      const auto found =
          std::find_if(first, last, [&](const Section& section) { return section.name == name; });
      return found == last ? nullptr : &*found;
    };
    const auto add = [&](absl::string_view name, absl::string_view body) {
      absl::StrAppend(&played_.text, "-- ", name, " --\n", body);
    };
    add("exit", absl::StrCat(outcome.exit, "\n"));
    if (const Section* begins = asked("stdout begins")) {
      const auto lines = std::count(begins->body.begin(), begins->body.end(), '\n');
      add("stdout begins", FirstLines(outcome.out, static_cast<size_t>(lines)));
    } else if (!outcome.out.empty() && asked("stdout fields") == nullptr) {
      add("stdout", Shown(outcome.out));
    }
    if (!outcome.err.empty()) add("stderr", Shown(outcome.err));
    if (asked("requests") != nullptr) add("requests", outcome.requests);
    std::string names;
    for (const auto& [name, content] : outcome.files) absl::StrAppend(&names, name, "\n");
    if (!names.empty()) add("files", names);
    for (auto section = first; section != last; ++section) {
      absl::string_view name = section->name;
      if (absl::ConsumeSuffix(&name, " fields")) {
        add(section->name, Fields(name == "stdout" ? outcome.out : Content(name), section->body));
      } else if (absl::StrContains(name, '.')) {
        add(name, Shown(Content(name)));
      }
    }
  }

  std::string Content(absl::string_view name) const {
    const auto found = files_.find(std::string(name));
    return found == files_.end() ? "" : found->second;
  }

  std::string Fields(const std::string& document, absl::string_view wanted) {
    const absl::StatusOr<json::Value> parsed = json::Parse(document);
    if (!parsed.ok()) return absl::StrCat("no JSON: ", parsed.status().message(), "\n");
    std::string body;
    for (const absl::string_view line : absl::StrSplit(wanted, '\n', absl::SkipEmpty())) {
      const absl::string_view path = line.substr(0, line.find(" = "));
      absl::StrAppend(&body, path, " = ", json::Dump(At(*parsed, path)), "\n");
    }
    return body;
  }

  std::vector<Section> sections_;
  std::string fixtures_;
  Asking asking_;
  std::filesystem::path home_;
  TempFolder folder_;
  std::map<std::string, std::string> files_;  // all that are in the folder
  MapEnvironment environment_;
  std::vector<std::string> secrets_;
  std::map<std::string, std::string> names_ = {
      {"DECISION", ""}, {"OVERRIDE", ""}, {"CHECKPOINT", ""}};
  int nonces_ = 0;
  std::map<std::string, std::string> lines_ = {{"", ""}};  // of the servers, by name
  bool ran_ = false;
  Played played_;
};

}  // namespace

Played PlayScenario(absl::string_view text, const std::string& fixtures, Asking asking) {
  return Player(text, fixtures, asking).Play();
}

std::string WithoutQueries(absl::string_view text) {
  std::string rest, run;
  for (const Section& section : SectionsOf(text)) {
    if (section.name == "run") run = section.body;
    const bool explained = absl::StrContains(run, "slogate explain") && section.name == "stdout";
    const bool document = absl::EndsWith(section.name, ".json") ||
                          (section.name == "stdout" && absl::StartsWith(section.body, "{"));
    if (explained || document || section.name == "requests") continue;
    absl::StrAppend(&rest, section.header, section.body);
  }
  RE2::GlobalReplace(&rest, R"re(sha256(\\?:)[0-9a-f]{64})re", R"re(sha256\1ID)re");
  RE2::GlobalReplace(&rest, R"re(\b[0-9a-f]{16}\b)re", "ID");
  RE2::GlobalReplace(&rest, R"re((:[0-9]+\\?:)(?:\\?[A-Za-z0-9+/]){43}\\?=)re", R"re(\1ROOT)re");
  return rest;
}

}  // namespace slogate::fake
