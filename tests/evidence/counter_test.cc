#include "gate/evidence/counter.h"

#include <gtest/gtest.h>

namespace slogate {
namespace {

const Selector kTotal = {"x_total", {{"job", "=", "j"}, {"env", "=", "e"}}};
const Bounds kAll = {1000, 1500}, kGood = {990, 1485};

Reading Good(std::optional<Rest> rest) {
  Reading reading;
  reading.value = kGood;
  reading.rest = std::move(rest);
  return reading;
}

TEST(RestTest, IsTheDifferenceWhereNobodyKnowsMore) {
  EXPECT_EQ(RestOf(kTotal, kAll, Good(std::nullopt), kGood), (Bounds{-485, 510}));
  EXPECT_EQ(RestOf(kTotal, kAll, Good(Rest{{"y_total", {}}, {1, 2}}), kGood), (Bounds{-485, 510}));
}

TEST(RestTest, IsWhatWasCountedInOneGo) {
  const Selector in_another_order = {"x_total", {{"env", "=", "e"}, {"job", "=", "j"}}};
  EXPECT_EQ(RestOf(kTotal, kAll, Good(Rest{in_another_order, {10, 15}}), kGood), (Bounds{10, 15}));
}

TEST(BadTest, IsNeverNegative) {
  EXPECT_EQ(BadFrom({10, 15}), (Bounds{10, 15}));
  EXPECT_EQ(BadFrom({0, 0}), (Bounds{0, 0}));
  EXPECT_EQ(BadFrom({-7, 3}), (Bounds{0, 7}));
  EXPECT_EQ(BadFrom({-7, -3}), (Bounds{0, 7}));
}

}  // namespace
}  // namespace slogate
