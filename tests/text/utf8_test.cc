#include "gate/text/utf8.h"

#include <gtest/gtest.h>

namespace slogate {
namespace {

TEST(Utf8, ReadsValidCharactersOfEveryLength) {
  const struct {
    const char* text;
    char32_t code;
    size_t bytes;
  } kCases[] = {{"a", 'a', 1},
                {"\x7f", 0x7f, 1},
                {"\xc2\x80", 0x80, 2},
                {"ß", 0xdf, 2},
                {"\xe0\xa0\x80", 0x800, 3},
                {"€", 0x20ac, 3},
                {"\xed\x9f\xbf", 0xd7ff, 3},
                {"\xee\x80\x80", 0xe000, 3},
                {"\xf0\x90\x80\x80", 0x10000, 4},
                {"\xf4\x8f\xbf\xbf", 0x10ffff, 4}};
  for (const auto& test : kCases) {
    const Utf8Character character = FirstCharacter(test.text);
    EXPECT_TRUE(character.valid) << test.text;
    EXPECT_EQ(character.code, test.code);
    EXPECT_EQ(character.bytes, test.bytes);
  }
}

TEST(Utf8, RefusesWhatIsNone) {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2z", "\xe0\x80\x80", "\xe2\x82",
        "\xed\xa0\x80", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    const Utf8Character character = FirstCharacter(text);
    EXPECT_FALSE(character.valid);
    EXPECT_EQ(character.bytes, 1u);
    EXPECT_EQ(character.code, static_cast<unsigned char>(text[0]));
  }
}

TEST(Utf8, CountsAnInvalidByteAsOneCharacter) {
  EXPECT_EQ(CountCharacters(""), 0u);
  EXPECT_EQ(CountCharacters("aß€"), 3u);
  EXPECT_EQ(CountCharacters("a\xff\xffz"), 4u);
}

}  // namespace
}  // namespace slogate
