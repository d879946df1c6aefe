#include <absl/strings/ascii.h>
#include <absl/strings/match.h>

#include "gate/doctor/shell.h"

namespace slogate {
namespace {

// A word, in lower case, that begins where no letter stands before it, and that is no option:
// `--release` is how things are built.
bool HasWordFrom(absl::string_view text, absl::string_view word) {
  for (size_t at = text.find(word); at != absl::string_view::npos; at = text.find(word, at + 1)) {
    const absl::string_view before = text.substr(0, at);
    if (absl::EndsWith(before, "--")) continue;
    if (before.empty() || !absl::ascii_isalpha(static_cast<unsigned char>(before.back())))
      return true;
  }
  return false;
}

}  // namespace

bool ReadsLikeDeploy(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(text);
  for (const absl::string_view word :
       {"deploy", "rollout", "roll out", "roll-out", "promote", "release", "publish", "kubectl",
        "helm", "terraform apply", "argocd", "ansible-playbook"}) {
    if (HasWordFrom(lower, word)) return true;
  }
  return false;
}

bool ReadsLikeTelling(absl::string_view text) {
  const std::string lower = absl::AsciiStrToLower(text);
  for (const absl::string_view word :
       {"notify", "notif", "slack", "mail", "report", "upload", "artifact", "summar", "comment",
        "collect", "keep", "store", "save", "archive", "clean", "log", "result"}) {
    if (HasWordFrom(lower, word)) return true;
  }
  return false;
}

}  // namespace slogate
