#include "gate/ledger/tree.h"

#include <bit>
#include <utility>

namespace slogate {
namespace {

constexpr absl::string_view kLeaf("\x00", 1);
constexpr absl::string_view kNode("\x01", 1);

}  // namespace

Digest LeafHash(absl::string_view record) { return Sha256({kLeaf, record}); }

Digest NodeHash(const Digest& left, const Digest& right) {
  return Sha256({kNode, Bytes(left), Bytes(right)});
}

Digest EmptyRoot() { return Sha256(""); }

std::optional<Frontier> Frontier::From(uint64_t size, std::vector<Digest> hashes) {
  if (hashes.size() != static_cast<size_t>(std::popcount(size))) return std::nullopt;
  Frontier frontier;
  frontier.size_ = size;
  frontier.hashes_ = std::move(hashes);
  return frontier;
}

// Counting up by one turns the binary 1s at the end into one: those subtrees become one with the leaf.
void Frontier::Append(const Digest& leaf) {
  Digest subtree = leaf;
  for (uint64_t rest = size_; (rest & 1U) != 0; rest >>= 1U) {
    subtree = NodeHash(hashes_.back(), subtree);
    hashes_.pop_back();
  }
  hashes_.push_back(subtree);
  ++size_;
}

Digest Frontier::Root() const {
  if (hashes_.empty()) return EmptyRoot();
  Digest root = hashes_.back();
  for (size_t i = hashes_.size() - 1; i > 0; --i) root = NodeHash(hashes_[i - 1], root);
  return root;
}

// Level by level: neighbours become nodes of the level above, and the last one moves up as it is
// where it has no neighbour.
std::vector<Digest> InclusionProof(absl::Span<const Digest> leaves, uint64_t index) {
  std::vector<Digest> proof;
  std::vector<Digest> level(leaves.begin(), leaves.end());
  for (; level.size() > 1; index /= 2) {
    if (const uint64_t neighbour = index ^ 1U; neighbour < level.size())
      proof.push_back(level[neighbour]);
    std::vector<Digest> above;
    for (size_t i = 0; i + 1 < level.size(); i += 2)
      above.push_back(NodeHash(level[i], level[i + 1]));
    if (level.size() % 2 == 1) above.push_back(level.back());
    level = std::move(above);
  }
  return proof;
}

bool VerifyInclusion(const Digest& leaf, uint64_t index, uint64_t size,
                     absl::Span<const Digest> proof, const Digest& root) {
  if (index >= size) return false;
  Digest hash = leaf;
  uint64_t last = size - 1;  // of the level that `index` is on
  for (const Digest& neighbour : proof) {
    if (last == 0) return false;
    if (index % 2 == 1 || index == last) {
      hash = NodeHash(neighbour, hash);
      // A last one without a neighbour had moved up.
      for (; index % 2 == 0 && index != 0; index /= 2) last /= 2;
    } else {
      hash = NodeHash(hash, neighbour);
    }
    index /= 2;
    last /= 2;
  }
  return last == 0 && hash == root;
}

}  // namespace slogate
