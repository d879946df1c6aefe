// Accounts as policies and the ledger's records name them: SYSTEM:NAME, such as "github:alice".
#pragma once

#include <string>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/types/span.h>

namespace slogate {

struct AccountSystem {
  absl::string_view word;
  // Whether its names differ by more than case: where they do not, "Alice" and "alice" are one.
  bool minds_case;
  // Whether it says who approved a step of a pipeline, in a way that the pipeline cannot change.
  bool vouches;
};

absl::Span<const AccountSystem> AccountSystems();

// The words of all systems, or of those that vouch.
std::vector<std::string> AccountSystemWords();
std::vector<std::string> VouchingWords();

// Whether two accounts are the same person's one account. Texts that are no accounts are the same
// where they are equal.
bool SameAccount(absl::string_view a, absl::string_view b);

}  // namespace slogate
