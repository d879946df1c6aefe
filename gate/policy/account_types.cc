#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <re2/re2.h>

#include "gate/base/suggest.h"
#include "gate/policy/account.h"
#include "gate/policy/policy_parts.h"

namespace slogate {
namespace {

constexpr size_t kNameBytes = 100;

// Separators and control characters of Unicode, too: a name that looks like another is refused.
bool HoldsBlanks(absl::string_view name) {
  static const RE2& kVisible = *new RE2(R"([^\s\pZ\pC]*)");
  return !RE2::FullMatch(re2::StringPiece(name.data(), name.size()), kVisible);
}

bool ReadAccount(absl::string_view text, std::string& out, BadValue& why) {
  const size_t colon = text.find(':');
  if (colon == absl::string_view::npos || colon == 0) return false;
  const std::string system(text.substr(0, colon));
  const absl::string_view name = text.substr(colon + 1);
  const std::vector<std::string> systems = AccountSystemWords();
  if (std::count(systems.begin(), systems.end(), system) == 0) {
    why.message = absl::StrCat("'", Cut(system, kNameBytes), "' has no accounts that slogate knows",
                               DidYouMean(system, systems));
  } else if (HoldsBlanks(name)) {
    why.message = "this account's name holds a blank, or a character that cannot be seen";
  } else if (name.size() > kNameBytes) {
    why.message = absl::StrCat("this account's name has more than ", kNameBytes, " bytes");
  }
  out = std::string(text);
  return !name.empty() && why.message.empty();
}

}  // namespace

Type<std::string> AccountType() {
  const std::vector<std::string> systems = AccountSystemWords();
  Shape shape;
  shape.name = "Account";
  shape.expected = "an account such as github:alice";
  shape.bad_id = "bad_account";
  shape.pattern = absl::StrCat("(?:", absl::StrJoin(systems, "|"), R"():\S+)");
  shape.hint =
      absl::StrCat("SYSTEM:NAME without blanks; the systems are ", absl::StrJoin(systems, ", "));
  shape.doc = absl::StrCat("SYSTEM:NAME without blanks; the systems are ",
                           absl::StrJoin(systems, ", "), ".");
  return Scalar<std::string>(std::move(shape), ReadAccount);
}

Type<std::string> VouchingType() {
  std::vector<std::pair<std::string, std::string>> words;
  for (const std::string& word : VouchingWords()) words.emplace_back(word, word);
  Shape shape;
  shape.expected = "a CI system that can say who approved";
  shape.bad_id = "bad_word";
  shape.hint = absl::StrCat("one of ", absl::StrJoin(VouchingWords(), ", "));
  return Words<std::string>(std::move(shape), words);
}

}  // namespace slogate
