// Doubts: what the mistakes in some files leave open, so that no check draws conclusions from what
// was not read. A mistake in one place then hides none in another, and raises no false alarm there.
#pragma once

#include <set>
#include <string>
#include <tuple>

#include <absl/strings/string_view.h>

#include "gate/text/diagnostic.h"

namespace slogate {

class Doubts {
 public:
  // The member `key` of the mapping that begins at `mapping`: there is a mistake in it, or it does
  // not stand there although it was perhaps meant to.
  void Add(absl::string_view file, Position mapping, absl::string_view key) {
    members_.insert(Name(file, mapping, key));
  }
  // A whole file: nobody knows even of what kind it is.
  void AddFile() { file_ = true; }

  // Whether the value of that member, or that it is absent, is in doubt. Where it holds mappings,
  // in a list or by names, only how many and which these are: their members are asked about one by
  // one.
  bool About(absl::string_view file, Position mapping, absl::string_view key) const {
    return members_.count(Name(file, mapping, key)) > 0;
  }
  bool AboutAFile() const { return file_; }

 private:
  using Member = std::tuple<std::string, int, int, std::string>;

  static Member Name(absl::string_view file, Position mapping, absl::string_view key) {
    return {std::string(file), mapping.line, mapping.column, std::string(key)};
  }

  std::set<Member> members_;
  bool file_ = false;
};

}  // namespace slogate
