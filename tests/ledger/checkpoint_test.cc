#include "gate/ledger/checkpoint.h"

#include <limits>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/ledger/note.h"

namespace slogate {
namespace {

// SHA-256("abc") in base64.
constexpr char kRoot[] = "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=";

Checkpoint Acme(uint64_t size) { return {"acme", size, Sha256("abc")}; }

TEST(Checkpoint, HasOneLine) {
  EXPECT_EQ(PrintCheckpoint(Acme(1234)), absl::StrCat("acme:1234:", kRoot));
}

TEST(Checkpoint, HasTheLinesOfANote) {
  EXPECT_EQ(PrintCheckpointBody(Acme(1234)), absl::StrCat("slogate/acme\n1234\n", kRoot, "\n"));
}

TEST(Checkpoint, ComesBackAsItWas) {
  for (const uint64_t size : {uint64_t{0}, uint64_t{1}, uint64_t{9}, uint64_t{10}, uint64_t{1234},
                              uint64_t{1} << 63, std::numeric_limits<uint64_t>::max()}) {
    for (const char* id : {"a", "7", "acme", "A.b-c_d", "x---"}) {
      const Checkpoint checkpoint = {id, size, Sha256(absl::StrCat(id, size))};
      EXPECT_EQ(ParseCheckpoint(PrintCheckpoint(checkpoint)).value(), checkpoint);
      EXPECT_EQ(ParseCheckpointBody(PrintCheckpointBody(checkpoint)).value(), checkpoint);
    }
  }
}

TEST(LogId, IsAName) {
  for (const char* good : {"a", "Z", "0", "acme", "a.b_c-d", "9lives"}) EXPECT_TRUE(IsLogId(good));
  EXPECT_TRUE(IsLogId(std::string(63, 'a')));
  for (const std::string& bad :
       {std::string(), std::string(64, 'a'), std::string(".a"), std::string("-a"),
        std::string("_a"), std::string("a:b"), std::string("a/b"), std::string("a b"),
        std::string("a\n"), std::string("ä"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(IsLogId(bad)) << bad;
  }
}

struct Case {
  std::string name, text;
};

class BadCheckpoint : public testing::TestWithParam<Case> {};

TEST_P(BadCheckpoint, SaysWhatOneLooksLike) {
  EXPECT_EQ(ParseCheckpoint(GetParam().text).status(),
            absl::InvalidArgumentError(
                "not a checkpoint, which looks like ID:SIZE:ROOT, where ID is the ledger's, SIZE "
                "its number of records and ROOT 44 characters of base64 that end in '='"));
}

std::string Line(const std::string& before_root) { return absl::StrCat(before_root, kRoot); }

INSTANTIATE_TEST_SUITE_P(
    All, BadCheckpoint,
    testing::ValuesIn(std::vector<Case>{
        {"Empty", ""},
        {"Word", "latest"},
        {"TwoParts", "acme:1234"},
        {"FourParts", Line("acme:1234:5:")},
        {"NoId", Line(":1234:")},
        {"BadId", Line("ac me:1234:")},
        {"NoSize", Line("acme::")},
        {"NegativeSize", Line("acme:-1:")},
        {"SignedSize", Line("acme:+1:")},
        {"LeadingZero", Line("acme:01:")},
        {"TwoZeros", Line("acme:00:")},
        {"BlankInSize", Line("acme: 1:")},
        {"HexSize", Line("acme:0x1:")},
        {"Fraction", Line("acme:1.0:")},
        {"SizeTooLarge", Line("acme:18446744073709551616:")},
        {"NoRoot", "acme:1234:"},
        {"RootInHex", "acme:1234:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"RootCut", "acme:1234:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFQ=="},
        {"RootWithoutPadding", "acme:1234:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0"},
        {"RootInTwoForms", "acme:1234:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa1="},
        {"RootForUrls", "acme:1234:ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0="},
        {"LineEnd", absl::StrCat("acme:1234:", kRoot, "\n")},
        {"BlankBefore", Line(" acme:1234:")},
    }),
    [](const auto& test) { return test.param.name; });

class BadCheckpointBody : public testing::TestWithParam<Case> {};

TEST_P(BadCheckpointBody, SaysWhatOneHas) {
  EXPECT_EQ(
      ParseCheckpointBody(GetParam().text).status(),
      absl::InvalidArgumentError("not the checkpoint of a ledger, which has the lines "
                                 "slogate/ID, its number of records, and the root in base64"));
}

INSTANTIATE_TEST_SUITE_P(
    All, BadCheckpointBody,
    testing::ValuesIn(std::vector<Case>{
        {"Empty", ""},
        {"LineEndAlone", "\n"},
        {"OneLine", "slogate/acme\n"},
        {"TwoLines", "slogate/acme\n1234\n"},
        {"NoLineEnd", Line("slogate/acme\n1234\n")},
        {"OtherOrigin", absl::StrCat("example.com/acme\n1234\n", kRoot, "\n")},
        {"NoOrigin", absl::StrCat("acme\n1234\n", kRoot, "\n")},
        {"OriginTwice", absl::StrCat("slogate/slogate/acme\n1234\n", kRoot, "\n")},
        {"NoId", absl::StrCat("slogate/\n1234\n", kRoot, "\n")},
        {"LeadingZero", absl::StrCat("slogate/acme\n01234\n", kRoot, "\n")},
        {"SizeTooLarge", absl::StrCat("slogate/acme\n18446744073709551616\n", kRoot, "\n")},
        {"RootCut", "slogate/acme\n1234\nungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFQ==\n"},
        {"RootInTwoForms", "slogate/acme\n1234\nungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa1=\n"},
        {"BlankLineFirst", absl::StrCat("\nslogate/acme\n1234\n", kRoot, "\n")},
        {"BlankLineLast", absl::StrCat("slogate/acme\n1234\n", kRoot, "\n\n")},
        {"BlankLineBeforeExtension", absl::StrCat("slogate/acme\n1234\n", kRoot, "\n\nmore\n")},
        {"CarriageReturns", absl::StrCat("slogate/acme\r\n1234\r\n", kRoot, "\r\n")},
    }),
    [](const auto& test) { return test.param.name; });

TEST(CheckpointBody, MayHaveLinesOfOthers) {
  const std::string body = PrintCheckpointBody(Acme(1234));
  EXPECT_EQ(ParseCheckpointBody(body + "Timestamp: 1795403560\n").value(), Acme(1234));
  EXPECT_EQ(ParseCheckpointBody(body + "one\ntwo\n").value(), Acme(1234));
}

TEST(CheckpointBody, CanBeSigned) {
  const absl::StatusOr<Ed25519Key> key = Ed25519Key::FromPem(
      "-----BEGIN PRIVATE KEY-----\n"
      "MC4CAQAwBQYDK2VwBCIEIN5illFe6tQu80nKoF8ubon8L31FYmpPhWBNMZfRVdS+\n"
      "-----END PRIVATE KEY-----\n");
  ASSERT_TRUE(key.ok()) << key.status();
  const std::string note = SignNote(PrintCheckpointBody(Acme(1234)), "slogate/acme", *key).value();
  const absl::StatusOr<std::string> text = VerifyNote(note, {"slogate/acme", key->public_key()});
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(ParseCheckpointBody(*text).value(), Acme(1234));
}

}  // namespace
}  // namespace slogate
