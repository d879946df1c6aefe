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

}  // namespace slogate
