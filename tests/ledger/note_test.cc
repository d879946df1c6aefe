#include "gate/ledger/note.h"

#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "tests/testing/ed25519_keys.h"

namespace slogate {
namespace {

// The example of the signed-note specification.
constexpr char kFooKey[] = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
constexpr char kFooText[] = "This is an example message.\n";
constexpr char kFooLine[] =
    "— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM="
    "\n";

// Those of Go's golang.org/x/mod/sumdb/note: two keys, the secret of one, and what both sign.
constexpr char kPeter[] = "PeterNeumann";
constexpr char kPeterSecret[] = "810a1402d5146c8d84f2443330f54080ebf98ee17d9c74f6252fc5d5c7283173";
constexpr char kPeterKey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char kEnochKey[] = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
constexpr char kText[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr char kPeterLine[] =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/"
    "SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
constexpr char kEnochLine[] =
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/"
    "5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

NoteKey Key(const std::string& text) {
  const absl::StatusOr<NoteKey> key = ParseNoteKey(text);
  if (!key.ok()) ADD_FAILURE() << key.status();
  return *key;
}

Ed25519Key Peter() { return *Ed25519Key::FromPem(fake::Ed25519Pem(kPeterSecret)); }

std::string Repeated(const std::string& text, size_t times) {
  std::string all;
  for (; times > 0; --times) all += text;
  return all;
}

// A line as of another key, which nobody can verify.
std::string StrangersLine(const std::string& name) {
  return absl::StrCat("— ", name, " ", absl::Base64Escape(std::string(68, 'x')), "\n");
}

TEST(NoteKey, ReadsAndPrintsThePublishedOnes) {
  EXPECT_EQ(Key(kFooKey).name, "example.com/foo");
  EXPECT_EQ(Key(kPeterKey).public_key, Peter().public_key());
  for (const char* text : {kFooKey, kPeterKey, kEnochKey}) EXPECT_EQ(PrintNoteKey(Key(text)), text);
}

struct BadKey {
  std::string name, text, want;
};

class BadNoteKey : public testing::TestWithParam<BadKey> {};

TEST_P(BadNoteKey, IsRefused) {
  EXPECT_EQ(ParseNoteKey(GetParam().text).status(), absl::InvalidArgumentError(GetParam().want));
}

constexpr char kNoKey[] =
    "not a verifier key, which looks like NAME+01234567+BASE64, with a name without blanks";
constexpr char kDamagedKey[] =
    "the parts of this verifier key do not belong together; copy it again, whole";

INSTANTIATE_TEST_SUITE_P(
    All, BadNoteKey,
    testing::ValuesIn(std::vector<BadKey>{
        {"Empty", "", kNoKey},
        {"NameAlone", "example.com/foo", kNoKey},
        {"TwoParts", "example.com/foo+530d903a", kNoKey},
        {"NoName", "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", kNoKey},
        {"BlankInName", "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", kNoKey},
        {"WideBlankInName", "a\u3000b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         kNoKey},
        {"NoUtf8InName", "a\xff+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", kNoKey},
        {"NoBase64", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2*",
         kNoKey},
        {"KeyTooShort",
         "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==", kNoKey},
        {"KeyTooLong",
         "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==", kNoKey},
        {"LineEnd", absl::StrCat(kFooKey, "\n"), kNoKey},
        {"OtherType", "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         "a verifier key of another kind than Ed25519 (type 1)"},
        {"OtherName", "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         kDamagedKey},
        {"OtherId", "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         kDamagedKey},
        {"OtherKey", "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2l",
         kDamagedKey},
        {"IdInCapitals", "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
         kDamagedKey},
    }),
    [](const auto& test) { return test.param.name; });

TEST(SignNote, GivesThePublishedNote) {
  EXPECT_EQ(SignNote(kText, kPeter, Peter()).value(), absl::StrCat(kText, "\n", kPeterLine));
}

TEST(SignNote, RefusesWhatNobodyMayVerify) {
  const absl::Status bad_name = absl::InvalidArgumentError(
      "a key's name is not empty and has no blanks, no control characters and no '+'");
  for (const char* name : {"", "a b", "a+b", "a\tb", "a\nb", "a\u00a0b", "a\u2003", "\xc3"})
    EXPECT_EQ(SignNote(kText, name, Peter()).status(), bad_name) << name;
  const absl::Status bad_text = absl::InvalidArgumentError(
      "a text to sign is UTF-8, ends in a line end and has no other control characters");
  for (const std::string& text :
       {std::string(), std::string("no end"), std::string("a\tb\n"), std::string("a\r\n"),
        std::string("a\0\n", 3), std::string("a\x1b[2J\n"), std::string("\xff\n")}) {
    EXPECT_EQ(SignNote(text, kPeter, Peter()).status(), bad_text) << text;
  }
  EXPECT_EQ(SignNote(std::string(limits::kNoteBytes - 50, 'a') + "\n", kPeter, Peter()).status(),
            absl::InvalidArgumentError("a signed note has at most 1048576 bytes"));
}

struct Good {
  std::string name, note, key, text;
};

class GoodNote : public testing::TestWithParam<Good> {};

TEST_P(GoodNote, GivesItsText) {
  const absl::StatusOr<std::string> text = VerifyNote(GetParam().note, Key(GetParam().key));
  ASSERT_TRUE(text.ok()) << text.status();
  EXPECT_EQ(*text, GetParam().text);
}

TEST_P(GoodNote, IsSpoiledByEveryChangedByteOfTheText) {
  const std::string& note = GetParam().note;
  for (size_t at = 0; at < GetParam().text.size(); at += 1 + GetParam().text.size() / 40) {
    std::string changed = note;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(VerifyNote(changed, Key(GetParam().key)).ok()) << at;
  }
}

std::string SignedByPeter(const std::string& text) {
  return SignNote(text, kPeter, Peter()).value();
}

INSTANTIATE_TEST_SUITE_P(
    All, GoodNote,
    testing::ValuesIn(std::vector<Good>{
        {"OfTheSpecification", absl::StrCat(kFooText, "\n", kFooLine), kFooKey, kFooText},
        {"OfGo", absl::StrCat(kText, "\n", kPeterLine), kPeterKey, kText},
        {"TwoSignaturesFirst", absl::StrCat(kText, "\n", kPeterLine, kEnochLine), kPeterKey, kText},
        {"TwoSignaturesSecond", absl::StrCat(kText, "\n", kPeterLine, kEnochLine), kEnochKey,
         kText},
        {"SameSignatureTwice", absl::StrCat(kText, "\n", kPeterLine, kPeterLine), kPeterKey, kText},
        {"SixteenSignatures",
         absl::StrCat(kText, "\n", Repeated(StrangersLine("x"), 15), kPeterLine), kPeterKey, kText},
        // The same name with another id, and the other way round, is another key.
        {"StrangerOfTheSameName", absl::StrCat(kText, "\n", StrangersLine(kPeter), kPeterLine),
         kPeterKey, kText},
        {"StrangerOfTheSameId",
         absl::StrCat(kText, "\n", absl::StrReplaceAll(kPeterLine, {{kPeter, "Nobody"}}),
                      kPeterLine),
         kPeterKey, kText},
        {"ShortestSignatureOfAStranger", absl::StrCat(kText, "\n— x MTIzNDU=\n", kPeterLine),
         kPeterKey, kText},
        {"BlankLinesInTheText", SignedByPeter("one\n\ntwo\n\n\n"), kPeterKey, "one\n\ntwo\n\n\n"},
        {"SignatureInTheText", SignedByPeter(absl::StrCat("one\n\n", kEnochLine)), kPeterKey,
         absl::StrCat("one\n\n", kEnochLine)},
        {"NothingButALineEnd", SignedByPeter("\n"), kPeterKey, "\n"},
        {"BeyondAscii", SignedByPeter("Freigabe für Köln 🚀\n"), kPeterKey, "Freigabe für Köln 🚀\n"},
        {"AsLongAsMayBe", SignedByPeter(std::string(limits::kNoteBytes - 112, 'a') + "\n"),
         kPeterKey, std::string(limits::kNoteBytes - 112, 'a') + "\n"},
    }),
    [](const auto& test) { return test.param.name; });

struct Bad {
  std::string name, note;
  absl::Status want;
};

class BadNote : public testing::TestWithParam<Bad> {};

TEST_P(BadNote, GivesNoText) {
  EXPECT_EQ(VerifyNote(GetParam().note, Key(kPeterKey)).status(), GetParam().want);
}

absl::Status NoNote(const std::string& why) {
  return absl::InvalidArgumentError(absl::StrCat(
      "not a signed note, which is a text, a blank line and lines \"— NAME SIGNATURE\": ", why));
}

const absl::Status kFalse = absl::UnauthenticatedError(
    "the signature of PeterNeumann is false: the note was changed, or made by somebody else");
const absl::Status kNotSigned =
    absl::UnauthenticatedError(absl::StrCat("the note is not signed by the key ", kPeterKey));
const absl::Status kFirstLine = NoNote("line 1 after the blank one is no signature");
const absl::Status kControls = NoNote("it is not UTF-8, or has control characters");

std::string With(const std::string& lines) { return absl::StrCat(kText, "\n", lines); }
std::string Changed(const char* line, const char* from, const char* to) {
  return absl::StrReplaceAll(line, {{from, to}});
}

INSTANTIATE_TEST_SUITE_P(
    All, BadNote,
    testing::ValuesIn(std::vector<Bad>{
        {"Empty", "", NoNote("there is no blank line")},
        {"TextAlone", kText, NoNote("there is no blank line")},
        {"NoBlankLine", absl::StrCat(kText, kPeterLine), NoNote("there is no blank line")},
        {"NoSignature", With(""), NoNote("no signature line ends it")},
        {"NoTextBeforeTheBlankLine", absl::StrCat("\n", kPeterLine),
         NoNote("there is no blank line")},
        {"NoLineEnd", With(std::string(kPeterLine).substr(0, std::string(kPeterLine).size() - 1)),
         NoNote("no signature line ends it")},
        {"BlankLineBehind", With(absl::StrCat(kPeterLine, "\n")),
         NoNote("no signature line ends it")},
        {"TextBehind", With(absl::StrCat(kPeterLine, "and more\n")),
         NoNote("line 2 after the blank one is no signature")},
        {"Hyphen", With(Changed(kPeterLine, "—", "-")), kFirstLine},
        {"EnDash", With(Changed(kPeterLine, "—", "–")), kFirstLine},
        {"NoBlankBehindTheDash", With(Changed(kPeterLine, "— ", "—")), kFirstLine},
        {"TwoBlanks", With(Changed(kPeterLine, "Neumann ", "Neumann  ")), kFirstLine},
        {"BlankAtTheEnd", With(Changed(kPeterLine, "\n", " \n")), kFirstLine},
        {"NoName", With(Changed(kPeterLine, kPeter, "")), kFirstLine},
        {"PlusInName", With(Changed(kPeterLine, kPeter, "Peter+Neumann")), kFirstLine},
        {"WideBlankInName", With(Changed(kPeterLine, kPeter, "Peter\u2003Neumann")), kFirstLine},
        {"NoBase64", With(Changed(kPeterLine, "nAM=", "nAM")), kFirstLine},
        {"LooseBase64", With(Changed(kPeterLine, "nAM=", "nAN=")), kFirstLine},
        {"IdAlone", With("— x MTIzNA==\n"), kFirstLine},
        {"Tampered", absl::StrCat("Not ", With(kPeterLine)), kFalse},
        {"TextCut", absl::StrCat("If you think\n\n", kPeterLine), kFalse},
        {"TextLonger", absl::StrCat(kText, "\n\n", kPeterLine), kFalse},
        {"SignatureChanged", With(Changed(kPeterLine, "BwJnAM=", "BwJnQM=")), kFalse},
        {"SignatureShort", With("— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZI=\n"),
         kFalse},
        {"OneOfTwoIsFalse", With(absl::StrCat(kPeterLine, Changed(kPeterLine, "nAM=", "nQM="))),
         kFalse},
        {"SignedByAnother", With(kEnochLine), kNotSigned},
        {"OtherName", With(Changed(kPeterLine, kPeter, "PeterNeuman")), kNotSigned},
        {"OtherId", With(Changed(kPeterLine, " x08go", " y08go")), kNotSigned},
        {"SeventeenSignatures", With(absl::StrCat(kPeterLine, Repeated(StrangersLine("x"), 16))),
         NoNote("it has more than 16 signatures")},
        {"TooLong", With(absl::StrCat(kPeterLine, std::string(limits::kNoteBytes, 'x'))),
         NoNote("it has more than 1048576 bytes")},
        {"Tab", absl::StrCat("\t", With(kPeterLine)), kControls},
        {"CarriageReturns", absl::StrReplaceAll(With(kPeterLine), {{"\n", "\r\n"}}), kControls},
        {"Nul", absl::StrCat(std::string(1, '\0'), With(kPeterLine)), kControls},
        {"Escape", absl::StrCat("\x1b[2J", With(kPeterLine)), kControls},
        {"ControlInSignature", With(Changed(kPeterLine, "Neumann ", "Neumann\x1f ")), kControls},
        {"NotUtf8", absl::StrCat("\xff", With(kPeterLine)), kControls},
        {"Surrogate", absl::StrCat("\xed\xa0\x80", With(kPeterLine)), kControls},
    }),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate
