#include "gate/base/base64.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace slogate {
namespace {

struct Case {
  std::string name, text;
  std::optional<std::string> want;
};

class Base64 : public testing::TestWithParam<Case> {};

TEST_P(Base64, Decodes) { EXPECT_EQ(DecodeBase64(GetParam().text), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(All, Base64,
                         testing::ValuesIn(std::vector<Case>{
                             // RFC 4648 §10.
                             {"Empty", "", ""},
                             {"OneByte", "Zg==", "f"},
                             {"TwoBytes", "Zm8=", "fo"},
                             {"ThreeBytes", "Zm9v", "foo"},
                             {"SixBytes", "Zm9vYmFy", "foobar"},
                             {"BothSigns", "+/+/", "\xfb\xff\xbf"},
                             {"NoPadding", "Zg", std::nullopt},
                             {"HalfPadding", "Zg=", std::nullopt},
                             {"PaddingTooMuch", "Zm9v====", std::nullopt},
                             {"PaddingInside", "Zg==Zg==", std::nullopt},
                             {"DotsForPadding", "Zg..", std::nullopt},
                             {"BitsThatNobodyWrites", "Zh==", std::nullopt},
                             {"Blank", "Zm 9v", std::nullopt},
                             {"LineEnd", "Zm9v\n", std::nullopt},
                             {"ForUrls", "-_-_", std::nullopt},
                             {"Nul", std::string("Zm9\0", 4), std::nullopt},
                             {"OneCharacter", "Z", std::nullopt},
                         }),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate
