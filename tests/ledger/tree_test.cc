#include "gate/ledger/tree.h"

#include <string>
#include <vector>

#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
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

// The definitions of RFC 6962 §2.1 and §2.1.1, word by word.
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

Digests NaiveProof(absl::Span<const Digest> leaves, size_t index) {
  if (leaves.size() == 1) return {};
  const size_t k = PowerBelow(leaves.size());
  const bool left = index < k;
  Digests proof =
      left ? NaiveProof(leaves.subspan(0, k), index) : NaiveProof(leaves.subspan(k), index - k);
  proof.push_back(NaiveRoot(left ? leaves.subspan(k) : leaves.subspan(0, k)));
  return proof;
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

// Of the published proofs for these records.
TEST(InclusionProof, IsAsPublished) {
  const Digests leaves = KnownLeaves();
  const auto proof = [&](uint64_t index, size_t size) {
    std::vector<std::string> hex;
    for (const Digest& hash : InclusionProof(absl::MakeConstSpan(leaves).subspan(0, size), index))
      hex.push_back(Hex(hash));
    return hex;
  };
  using Texts = std::vector<std::string>;
  EXPECT_EQ(proof(0, 1), Texts());
  EXPECT_EQ(proof(0, 8),
            (Texts{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}));
  EXPECT_EQ(proof(5, 8),
            (Texts{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                   "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                   "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}));
  EXPECT_EQ(proof(2, 3),
            (Texts{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}));
  EXPECT_EQ(proof(1, 5),
            (Texts{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                   "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                   "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}));
}

TEST(InclusionProof, IsThatOfTheDefinitionAndVerifies) {
  const Digests leaves = SomeLeaves(300);
  for (size_t size = 1; size <= leaves.size(); ++size) {
    const auto these = absl::MakeConstSpan(leaves).subspan(0, size);
    const Digest root = Over(these).Root();
    for (size_t index = 0; index < size; ++index) {
      const Digests proof = InclusionProof(these, index);
      // The definition hashes the whole tree for each, so it is asked about some sizes only.
      if (size <= 70 || size >= 299) {
        EXPECT_EQ(proof, NaiveProof(these, index)) << index << " of " << size;
      }
      EXPECT_TRUE(VerifyInclusion(these[index], index, size, proof, root))
          << index << " of " << size;
      // Not for its neighbour's place, and for no other record.
      EXPECT_FALSE(VerifyInclusion(these[index], index + 1, size, proof, root));
      EXPECT_FALSE(VerifyInclusion(LeafHash("other"), index, size, proof, root));
    }
  }
}

TEST(VerifyInclusion, RefusesEveryChangedByte) {
  for (const size_t size : {1u, 2u, 3u, 5u, 8u, 13u, 21u, 33u}) {
    const Digests leaves = SomeLeaves(size);
    const Digest root = Over(leaves).Root();
    for (size_t index = 0; index < size; ++index) {
      const Digests proof = InclusionProof(leaves, index);
      ASSERT_TRUE(VerifyInclusion(leaves[index], index, size, proof, root));
      for (size_t byte = 0; byte < root.size(); ++byte) {
        Digest leaf = leaves[index], other_root = root;
        leaf[byte] ^= 1U;
        other_root[byte] ^= 1U;
        EXPECT_FALSE(VerifyInclusion(leaf, index, size, proof, root));
        EXPECT_FALSE(VerifyInclusion(leaves[index], index, size, proof, other_root));
        for (size_t i = 0; i < proof.size(); ++i) {
          Digests changed = proof;
          changed[i][byte] ^= 1U;
          EXPECT_FALSE(VerifyInclusion(leaves[index], index, size, changed, root));
        }
      }
    }
  }
}

// The corruptions that the reference tests of RFC 6962 try.
TEST(VerifyInclusion, RefusesOtherShapes) {
  for (size_t size = 1; size <= 40; ++size) {
    const Digests leaves = SomeLeaves(size);
    const Digest root = Over(leaves).Root();
    for (size_t index = 0; index < size; ++index) {
      SCOPED_TRACE(absl::StrCat(index, " of ", size));
      const Digests proof = InclusionProof(leaves, index);
      const auto holds = [&](uint64_t at, uint64_t of, const Digests& by) {
        return VerifyInclusion(leaves[index], at, of, by, root);
      };
      EXPECT_FALSE(holds(index - 1, size, proof));
      EXPECT_FALSE(holds(index ^ 2U, size, proof));
      EXPECT_FALSE(holds(index, 2 * size, proof));
      EXPECT_FALSE(holds(index, index, proof));
      EXPECT_FALSE(holds(index, 0, proof));
      EXPECT_FALSE(VerifyInclusion(leaves[index], index, size, proof, EmptyRoot()));
      Digests longer = proof;
      longer.push_back(root);
      EXPECT_FALSE(holds(index, size, longer));
      longer = proof;
      longer.insert(longer.begin(), root);
      EXPECT_FALSE(holds(index, size, longer));
      if (!proof.empty()) {
        EXPECT_FALSE(holds(index, size, Digests(proof.begin(), proof.end() - 1)));
        EXPECT_FALSE(holds(index, size, Digests(proof.begin() + 1, proof.end())));
      }
    }
  }
}

TEST(VerifyInclusion, SizesBeyondAnyLedgerEnd) {
  const Digest leaf = LeafHash("x");
  EXPECT_FALSE(VerifyInclusion(leaf, 0, 0, {}, leaf));
  EXPECT_FALSE(VerifyInclusion(leaf, 0, ~uint64_t{0}, {}, leaf));
  EXPECT_FALSE(VerifyInclusion(leaf, ~uint64_t{0} - 1, ~uint64_t{0}, Digests(100, leaf), leaf));
  EXPECT_TRUE(VerifyInclusion(leaf, 0, 1, {}, leaf));
}

}  // namespace
}  // namespace slogate
