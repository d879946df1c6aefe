#include "gate/io/environment.h"

#include <stdlib.h>

#include <gtest/gtest.h>

namespace slogate {
namespace {

TEST(RealEnvironment, TellsSetFromEmptyFromUnset) {
  setenv("SLOGATE_TEST_SET", "two words ", 1);
  setenv("SLOGATE_TEST_EMPTY", "", 1);
  unsetenv("SLOGATE_TEST_UNSET");
  const std::unique_ptr<Environment> environment = RealEnvironment();
  EXPECT_EQ(environment->Get("SLOGATE_TEST_SET"), "two words ");
  EXPECT_EQ(environment->Get("SLOGATE_TEST_EMPTY"), "");
  EXPECT_EQ(environment->Get("SLOGATE_TEST_UNSET"), std::nullopt);
}

TEST(RealEnvironment, OnlyWholeNames) {
  setenv("SLOGATE_TEST_SET", "value", 1);
  const std::unique_ptr<Environment> environment = RealEnvironment();
  EXPECT_EQ(environment->Get(std::string("SLOGATE_TEST_SET\0X", 18)), std::nullopt);
  EXPECT_EQ(environment->Get("SLOGATE_TEST_SET=value"), std::nullopt);
  EXPECT_EQ(environment->Get("slogate_test_set"), std::nullopt);
  EXPECT_EQ(environment->Get(""), std::nullopt);
}

}  // namespace
}  // namespace slogate
