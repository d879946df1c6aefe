// The Merkle tree over a ledger's records, as RFC 6962 §2.1 defines it, with SHA-256. Leaves and
// nodes are hashed with different first bytes, so that no node can be passed off as a record.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/base/sha256.h"

namespace slogate {

Digest LeafHash(absl::string_view record);                 // SHA-256(0x00 ‖ record)
Digest NodeHash(const Digest& left, const Digest& right);  // SHA-256(0x01 ‖ left ‖ right)
Digest EmptyRoot();                                        // SHA-256("")

// What has to be remembered of a tree to append to it and to know its root: the roots of its largest
// complete subtrees, one for each 1 in the binary form of its size.
class Frontier {
 public:
  Frontier() = default;  // of the empty tree

  // What size() and hashes() gave; nullopt unless there are as many hashes as `size` has binary 1s.
  // Whether they are those of the tree, only its leaves can tell.
  static std::optional<Frontier> From(uint64_t size, std::vector<Digest> hashes);

  uint64_t size() const { return size_; }  // leaves
  const std::vector<Digest>& hashes() const {
    return hashes_;
  }  // that of the largest subtree first

  void Append(const Digest& leaf);
  Digest Root() const;

 private:
  uint64_t size_ = 0;
  std::vector<Digest> hashes_;
};

}  // namespace slogate
