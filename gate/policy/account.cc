#include "gate/policy/account.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

constexpr AccountSystem kSystems[] = {
    {"github", false, true},  {"jenkins", false, true},    {"circleci", false, true},
    {"gitlab", false, false}, {"postgresql", true, false}, {"local", true, false},
};

bool MindsCase(absl::string_view account) {
  for (const AccountSystem& system : kSystems) {
    if (absl::StartsWith(account, absl::StrCat(system.word, ":"))) return system.minds_case;
  }
  return true;
}

}  // namespace

absl::Span<const AccountSystem> AccountSystems() { return kSystems; }

std::vector<std::string> AccountSystemWords() {
  std::vector<std::string> words;
  for (const AccountSystem& system : kSystems) words.emplace_back(system.word);
  return words;
}

std::vector<std::string> VouchingWords() {
  std::vector<std::string> words;
  for (const AccountSystem& system : kSystems) {
    if (system.vouches) words.emplace_back(system.word);
  }
  return words;
}

bool SameAccount(absl::string_view a, absl::string_view b) {
  return MindsCase(a) || MindsCase(b) ? a == b : absl::EqualsIgnoreCase(a, b);
}

}  // namespace slogate
