#include "gate/doctor/jenkins.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "gate/doctor/groovy.h"
#include "gate/doctor/shell.h"

namespace slogate {
namespace {

using Kind = GroovyToken::Kind;

bool IsAny(absl::string_view word, std::initializer_list<absl::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A version that nobody moves by committing: a commit, or three numbers.
bool IsPinned(absl::string_view version) {
  absl::ConsumePrefix(&version, "v");
  const std::vector<absl::string_view> parts = absl::StrSplit(version, '.');
  const bool numbers =
      parts.size() == 3 && std::all_of(parts.begin(), parts.end(), [](absl::string_view part) {
        return !part.empty() && absl::ascii_isdigit(static_cast<unsigned char>(part[0]));
      });
  return numbers ||
         (version.size() == 40 && std::all_of(version.begin(), version.end(), [](char c) {
            return absl::ascii_isxdigit(static_cast<unsigned char>(c));
          }));
}

struct Call {
  size_t token = 0;  // `slogate` or `sh`
  size_t end = 0;    // the token behind its statement
  Script program;    // of a `sh`
  bool shebang = false;
  bool gate = false, deploys = false;
  bool dry_run = false;
};

class Examiner {
 public:
  Examiner(absl::string_view program, const TextPlaces& places, Findings& findings)
      : groovy_(ReadGroovy(program)), places_(places), findings_(findings) {}

  size_t Go();

 private:
  const GroovyToken& Token(size_t i) const { return groovy_.At(i); }
  Position At(size_t token) const {
    const GroovyToken& found = Token(token);
    return places_.Part(found.begin, found.begin).at[0];
  }
  size_t EndOf(size_t token) const;
  bool IsStep(size_t token, absl::string_view name) const;
  void ReadCall(size_t token);
  void ReadLibrary(size_t token);

  // The nearest block around the call with that name, or 0.
  size_t Around(const Call& call, std::initializer_list<absl::string_view> names) const;
  bool DeploysIn(size_t from, size_t to) const;
  void ExamineGate(const Call& gate);
  void ExamineStatus(const Call& gate);
  void ExamineBlocks(const Call& gate);
  void ExamineTry(const Call& gate, size_t block);
  void ExamineStages(const Call& gate);
  void ExaminePost(const Call& gate);

  const GroovyProgram groovy_;
  const TextPlaces& places_;
  Findings& findings_;
  std::vector<Call> calls_;  // gates, and programs of the shell
};

size_t Examiner::EndOf(size_t token) const {
  size_t i = token;
  while (i < groovy_.tokens.size() &&
         (Token(i).statement <= Token(token).statement || Token(i).block != Token(token).block)) {
    if (Token(i).text == "}" && Token(i).kind == Kind::kSign &&
        Token(i).block != Token(token).block && Token(i).statement < Token(token).statement)
      break;
    ++i;
  }
  return i;
}

// A call of the step `name`, rather than a member, a key or a definition of that name.
bool Examiner::IsStep(size_t token, absl::string_view name) const {
  if (Token(token).kind != Kind::kWord || Token(token).text != name) return false;
  if (token > 0 && IsAny(Token(token - 1).text, {".", "def", "$"})) {
    // `steps.sh` and `script.sh` are how a library's classes call it.
    const bool handed = token > 1 && Token(token - 1).text == "." &&
                        IsAny(Token(token - 2).text, {"steps", "script", "this"});
    if (!handed) return false;
  }
  const GroovyToken& next = Token(token + 1);
  if (next.kind == Kind::kText || next.text == "(") return true;
  return next.kind == Kind::kWord && Token(token + 2).text == ":";
}

void Examiner::ReadCall(size_t token) {
  Call call;
  call.token = token;
  call.end = EndOf(token);
  if (Token(token).text == "slogate") {
    call.gate = true;
    for (size_t i = token; i < call.end; ++i) {
      if (Token(i).text == "dryRun" && Token(i + 1).text == ":")
        call.dry_run = Token(i + 2).text != "false";
    }
  } else {
    for (size_t i = token + 1; i < call.end; ++i) {
      if (Token(i).kind != Kind::kText) continue;
      const bool named = Token(i - 1).text == ":";
      if (named && Token(i - 2).text != "script") continue;
      call.program = places_.Part(Token(i).begin, Token(i).end);
      const ShellReading reading = LookAtShell(call.program);
      call.gate = !reading.gates.empty();
      call.deploys = call.gate ? reading.deploys : ReadsLikeDeploy(call.program.text);
      for (const GateCall& gate : reading.gates) call.dry_run = call.dry_run || gate.dry_run;
      call.shebang = absl::StartsWith(absl::StripAsciiWhitespace(call.program.text), "#!");
      break;
    }
  }
  calls_.push_back(std::move(call));
}

// @Library('slogate@v0.1.0') _, @Library(['slogate@v0.1.0', 'other']) _, library 'slogate@v0.1.0'.
void Examiner::ReadLibrary(size_t token) {
  const bool annotation =
      Token(token).text == "Library" && token > 0 && Token(token - 1).text == "@";
  if (!annotation && !IsStep(token, "library")) return;
  for (size_t i = token + 1; i < EndOf(token); ++i) {
    if (Token(i).kind != Kind::kText) continue;
    const std::pair<std::string, std::string> parts =
        absl::StrSplit(Token(i).text, absl::MaxSplits('@', 1));
    if (parts.first != "slogate" || IsPinned(parts.second)) continue;
    findings_.Bypass(
        At(i), "unpinned_library",
        parts.second.empty()
            ? "without a version this is whatever the library's default branch holds"
            : absl::StrCat("'", parts.second, "' moves: whoever can commit to it changes the gate"),
        "write a version, such as @v0.1.0, or a full commit");
  }
}

size_t Examiner::Around(const Call& call, std::initializer_list<absl::string_view> names) const {
  for (size_t block = Token(call.token).block; block != 0; block = groovy_.blocks[block].parent) {
    if (IsAny(groovy_.blocks[block].name, names)) return block;
  }
  return 0;
}

// Whether a deploy stands between two tokens.
bool Examiner::DeploysIn(size_t from, size_t to) const {
  return std::any_of(calls_.begin(), calls_.end(), [&](const Call& call) {
    return call.token >= from && call.token < to && call.deploys;
  });
}

// sh(returnStatus: true, …): an exit code that somebody has to look at.
void Examiner::ExamineStatus(const Call& gate) {
  size_t status = 0;
  for (size_t i = gate.token; i < gate.end; ++i) {
    if (Token(i).text == "returnStatus" && Token(i + 1).text == ":" && Token(i + 2).text == "true")
      status = i;
  }
  if (status == 0) return;
  const size_t first = Token(gate.token).statement;
  std::string variable;
  for (size_t i = first; i < gate.token; ++i) {
    if (Token(i).text == "=" && i > first && Token(i + 1).text != "=") {
      variable = Token(i - 1).text;
    }
  }
  const bool handed = gate.token == first + 2 && Token(first + 1).text == ".";  // steps.sh
  const bool asked = variable.empty() && first != gate.token && !handed;
  bool used = asked;
  for (size_t i = gate.end; i < groovy_.tokens.size() && !used; ++i) {
    used = !variable.empty() && (Token(i).text == variable ||
                                 (Token(i).kind == Kind::kText &&
                                  (absl::StrContains(Token(i).text, absl::StrCat("${", variable)) ||
                                   absl::StrContains(Token(i).text, absl::StrCat("$", variable)))));
  }
  if (used) return;
  findings_.Bypass(At(status), "ignored_status",
                   "with 'returnStatus' a denial is a number, and nobody looks at it here",
                   "take it away, or end with it: if (code != 0) { error(\"…\") }");
}

void Examiner::ExamineTry(const Call& gate, size_t block) {
  const GroovyBlock& tried = groovy_.blocks[block];
  for (const GroovyBlock& other : groovy_.blocks) {
    if (other.parent != tried.parent || other.open < tried.close) continue;
    if (other.name == "finally") {
      if (DeploysIn(other.open, other.close)) {
        findings_.Bypass(At(other.header), "runs_after_denial",
                         "what stands in 'finally' runs after a denial, too",
                         "deploy within the 'try', behind the gate");
      }
      break;
    }
    if (other.name != "catch") break;
    bool ends = false;
    for (size_t i = other.open; i < other.close; ++i) {
      ends = ends || Token(i).text == "throw" || IsStep(i, "error");
      if (IsStep(i, "unstable")) ends = true;  // told by its own name
    }
    const bool follows = !DeploysIn(gate.end, tried.close);
    if (ends || !follows) continue;
    findings_.Bypass(At(other.header), "caught",
                     "this catches a denial and throws nothing: what follows runs all the same",
                     "end it with 'throw' of what was caught, or let the gate stand outside");
  }
}

void Examiner::ExamineBlocks(const Call& gate) {
  for (size_t block = Token(gate.token).block; block != 0; block = groovy_.blocks[block].parent) {
    const GroovyBlock& around = groovy_.blocks[block];
    if (around.name == "try") ExamineTry(gate, block);
    if (!IsAny(around.name, {"catchError", "warnError"})) continue;
    if (DeploysIn(gate.end, around.close) && !DeploysIn(around.close, groovy_.tokens.size()))
      continue;  // the deploy is stopped with the gate
    findings_.Bypass(At(around.header), "catch_error",
                     absl::StrCat("'", around.name, "' goes on after a denial"),
                     "let the gate stand outside of it");
  }
  const size_t stage = Around(gate, {"stage"});
  const GroovyBlock& scope = groovy_.blocks[stage];
  for (size_t i = gate.end; i < scope.close; ++i) {
    if (!IsStep(i, "unstable")) continue;
    findings_.Bypass(At(i), "unstable", "an unstable build goes on: the next steps and stages run",
                     "use 'error' for a denial: it ends the build");
  }
}

// Declarative pipelines can be started again from any stage.
void Examiner::ExamineStages(const Call& gate) {
  const size_t stage = Around(gate, {"stage"});
  const bool declarative = Around(gate, {"pipeline"}) != 0;
  if (stage == 0 || !declarative) return;
  const GroovyBlock& own = groovy_.blocks[stage];
  for (const GroovyToken& token : groovy_.tokens) {
    if (token.text == "disableRestartFromStage") return;
  }
  if (gate.deploys || DeploysIn(gate.end, own.close)) return;
  for (size_t i = 1; i < groovy_.blocks.size(); ++i) {
    const GroovyBlock& later = groovy_.blocks[i];
    if (later.name != "stage" || later.open < own.close || !DeploysIn(later.open, later.close))
      continue;
    const bool asks = std::any_of(calls_.begin(), calls_.end(), [&](const Call& call) {
      return call.gate && call.token > later.open && call.token < later.close;
    });
    if (asks) continue;
    findings_.Bypass(At(later.header), "gate_apart",
                     "'Restart from Stage' begins here and skips the stage with the gate",
                     "put gate and deploy into one stage, the gate right before the deploy");
    return;
  }
}

void Examiner::ExaminePost(const Call& gate) {
  for (const GroovyBlock& block : groovy_.blocks) {
    const GroovyBlock& parent = groovy_.blocks[block.parent];
    if (parent.name != "post" || block.open < gate.token ||
        !IsAny(block.name, {"always", "failure", "unsuccessful", "cleanup", "changed"}) ||
        !DeploysIn(block.open, block.close))
      continue;
    findings_.Bypass(At(block.header), "runs_after_denial",
                     absl::StrCat("what stands in '", block.name, "' runs after a denial, too"),
                     "deploy in the stage, behind the gate");
  }
}

void Examiner::ExamineGate(const Call& gate) {
  const bool deploys_later = DeploysIn(gate.end, groovy_.tokens.size());
  if (Token(gate.token).text == "sh") {
    const ShellFlags flags =
        gate.shebang ? FlagsOf(gate.program.text.substr(0, gate.program.text.find('\n')))
                     : ShellFlags{true, false};  // Jenkins runs `sh -xe`
    ReadShell(gate.program, flags, true, findings_);
    ExamineStatus(gate);
  }
  if (gate.dry_run && (gate.deploys || deploys_later)) {
    findings_.Remark(
        At(gate.token), "dry_run", "this gate is a dry run: it stops nothing, whatever it finds",
        "fine for the first weeks; take it away when the verdicts are what you expect");
  }
  ExamineBlocks(gate);
  ExamineStages(gate);
}

size_t Examiner::Go() {
  for (size_t i = 0; i < groovy_.tokens.size(); ++i) {
    if (IsStep(i, "slogate") || IsStep(i, "sh")) ReadCall(i);
    ReadLibrary(i);
  }
  size_t gates = 0;
  for (const Call& call : calls_) {
    if (!call.gate) continue;
    if (++gates == 1) ExaminePost(call);
    ExamineGate(call);
  }
  if (gates > 0) return gates;
  for (const Call& call : calls_) {
    if (!call.deploys) continue;
    findings_.Remark(At(call.token), "no_gate",
                     "this reads like a deploy, and the file asks no gate before it",
                     "put the gate right before it, in the same stage; no need where something "
                     "that this file calls asks one");
    break;
  }
  return gates;
}

}  // namespace

size_t ExamineJenkins(absl::string_view program, const TextPlaces& places, Findings& findings) {
  return Examiner(program, places, findings).Go();
}

}  // namespace slogate
