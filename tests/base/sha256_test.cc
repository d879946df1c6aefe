#include "gate/base/sha256.h"

#include <optional>
#include <string>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

// The vectors of FIPS 180-4 and of NIST's examples.
TEST(Sha256Hex, GivesThePublishedDigests) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(Sha256Hex(std::string(1'000'000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Hex, ReadsEveryByte) {
  EXPECT_EQ(Sha256Hex(absl::string_view("\0", 1)),
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
  EXPECT_NE(Sha256Hex(absl::string_view("a\0b", 3)), Sha256Hex("a"));
}

TEST(Sha256, OfPartsIsOfTheWhole) {
  const std::string text = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  for (size_t first = 0; first <= text.size(); ++first) {
    for (size_t second = first; second <= text.size(); ++second) {
      EXPECT_EQ(
          Sha256({text.substr(0, first), text.substr(first, second - first), text.substr(second)}),
          Sha256(text));
    }
  }
  EXPECT_EQ(Sha256({}), Sha256(""));
  // One after another, none knows of those before.
  EXPECT_EQ(Hex(Sha256(text)), Sha256Hex(text));
}

TEST(DigestFromHex, ReadsWhatHexWrites) {
  for (int i = 0; i < 300; ++i) {
    const Digest digest = Sha256(absl::StrCat(i));
    EXPECT_EQ(DigestFromHex(Hex(digest)), digest);
    EXPECT_EQ(Bytes(digest).size(), 32u);
  }
}

TEST(DigestFromHex, TakesOneFormOnly) {
  const std::string good = Sha256Hex("abc");
  ASSERT_TRUE(DigestFromHex(good).has_value());
  for (const std::string& bad :
       {std::string(), good.substr(1), good + "0", " " + good, good.substr(1) + " ",
        "0x" + good.substr(2), "B" + good.substr(1), "g" + good.substr(1), "/" + good.substr(1),
        ":" + good.substr(1), "`" + good.substr(1), std::string(64, '\0')}) {
    EXPECT_EQ(DigestFromHex(bad), std::nullopt) << bad;
  }
}

TEST(Sha256StreamTest, PiecesComeToTheDigestOfTheWhole) {
  const std::string text(100'000, 'a');
  for (const size_t piece : {size_t{1}, size_t{63}, size_t{64}, text.size()}) {
    Sha256Stream stream;
    for (size_t at = 0; at < text.size(); at += piece)
      stream.Add(absl::string_view(text).substr(at, piece));
    EXPECT_EQ(stream.Finish(), Sha256(text)) << piece;
  }
  EXPECT_EQ(Sha256Stream().Finish(), Sha256(""));
}

}  // namespace
}  // namespace slogate
