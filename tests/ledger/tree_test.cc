#include "gate/ledger/tree.h"

#include <string>
#include <vector>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/types/span.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

using Digests = std::vector<Digest>;

// The published roots of the trees over the first 1 to 8 of these records; those of RFC 6962's
// reference tests.
const std::vector<std::string> kRecords = {"",
                                           "00",
                                           "10",
                                           "2021",
                                           "3031",
                                           "40414243",
                                           "5051525354555657",
                                           "606162636465666768696a6b6c6d6e6f"};
const std::vector<std::string> kRoots = {
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

Digests KnownLeaves() {
  Digests leaves;
  for (const std::string& record : kRecords)
    leaves.push_back(LeafHash(absl::HexStringToBytes(record)));
  return leaves;
}

Digests SomeLeaves(size_t size) {
  Digests leaves;
  for (size_t i = 0; i < size; ++i) leaves.push_back(LeafHash(absl::StrCat("record ", i)));
  return leaves;
}

// The definition of RFC 6962 §2.1, word by word.
size_t PowerBelow(size_t size) {
  size_t power = 1;
  while (2 * power < size) power *= 2;
  return power;
}

Digest NaiveRoot(absl::Span<const Digest> leaves) {
  if (leaves.empty()) return Sha256("");
  if (leaves.size() == 1) return leaves[0];
  const size_t k = PowerBelow(leaves.size());
  return Sha256({absl::string_view("\x01", 1), Bytes(NaiveRoot(leaves.subspan(0, k))),
                 Bytes(NaiveRoot(leaves.subspan(k)))});
}

Frontier Over(absl::Span<const Digest> leaves) {
  Frontier frontier;
  for (const Digest& leaf : leaves) frontier.Append(leaf);
  return frontier;
}

TEST(Tree, HashesAsPublished) {
  EXPECT_EQ(Hex(EmptyRoot()), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(LeafHash("")), "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_EQ(Hex(LeafHash("L123456")),
            "395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
  const Digest left = Sha256("left"), right = Sha256("right");
  EXPECT_EQ(NodeHash(left, right),
            Sha256(absl::StrCat(std::string(1, '\1'), Bytes(left), Bytes(right))));
}

// No node can be passed off as a record, nor a record as a node.
TEST(Tree, NodesAndLeavesDiffer) {
  const Digest left = Sha256("left"), right = Sha256("right");
  EXPECT_NE(LeafHash(absl::StrCat(Bytes(left), Bytes(right))), NodeHash(left, right));
  EXPECT_NE(NodeHash(left, right), NodeHash(right, left));
}

TEST(Frontier, GivesThePublishedRoots) {
  Frontier frontier;
  EXPECT_EQ(frontier.Root(), EmptyRoot());
  const Digests leaves = KnownLeaves();
  for (size_t i = 0; i < leaves.size(); ++i) {
    frontier.Append(leaves[i]);
    EXPECT_EQ(frontier.size(), i + 1);
    EXPECT_EQ(Hex(frontier.Root()), kRoots[i]);
  }
}

TEST(Frontier, GivesTheRootOfTheDefinition) {
  const Digests leaves = SomeLeaves(300);
  Frontier frontier;
  for (size_t size = 0; size <= leaves.size(); ++size) {
    EXPECT_EQ(frontier.Root(), NaiveRoot(absl::MakeConstSpan(leaves).subspan(0, size))) << size;
    if (size < leaves.size()) frontier.Append(leaves[size]);
  }
}

TEST(Frontier, GoesOnFromWhatWasStored) {
  const Digests leaves = SomeLeaves(300);
  for (size_t size = 0; size < leaves.size(); ++size) {
    const Frontier before = Over(absl::MakeConstSpan(leaves).subspan(0, size));
    std::optional<Frontier> again = Frontier::From(before.size(), before.hashes());
    ASSERT_TRUE(again.has_value()) << size;
    EXPECT_EQ(again->Root(), before.Root());
    again->Append(leaves[size]);
    EXPECT_EQ(again->Root(), NaiveRoot(absl::MakeConstSpan(leaves).subspan(0, size + 1)));
  }
}

TEST(Frontier, StoresTheLargestSubtreeFirst) {
  const Digests leaves = KnownLeaves();
  const absl::Span<const Digest> all = leaves;
  EXPECT_EQ(Over(all.subspan(0, 7)).hashes(),
            (Digests{NaiveRoot(all.subspan(0, 4)), NaiveRoot(all.subspan(4, 2)), leaves[6]}));
}

TEST(Frontier, IsNotMadeOfTheWrongNumberOfHashes) {
  const Digest hash = Sha256("x");
  EXPECT_TRUE(Frontier::From(0, {}).has_value());
  EXPECT_TRUE(Frontier::From(~uint64_t{0}, Digests(64, hash)).has_value());
  EXPECT_TRUE(Frontier::From(uint64_t{1} << 63, {hash}).has_value());
  EXPECT_FALSE(Frontier::From(0, {hash}).has_value());
  EXPECT_FALSE(Frontier::From(1, {}).has_value());
  EXPECT_FALSE(Frontier::From(8, {hash, hash}).has_value());
  EXPECT_FALSE(Frontier::From(7, {hash, hash}).has_value());
  EXPECT_FALSE(Frontier::From(7, {hash, hash, hash, hash}).has_value());
}

}  // namespace
}  // namespace slogate
