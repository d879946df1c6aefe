#include "gate/text/shell_quote.h"

#include <gtest/gtest.h>

namespace slogate {
namespace {

TEST(QuotedForShellTest, Table) {
  EXPECT_EQ(QuotedForShell("policies/acme-1.yaml"), "policies/acme-1.yaml");
  EXPECT_EQ(QuotedForShell("a:b=c,d@e%f+g_h"), "a:b=c,d@e%f+g_h");
  EXPECT_EQ(QuotedForShell(""), "''");
  EXPECT_EQ(QuotedForShell("two words"), "'two words'");
  EXPECT_EQ(QuotedForShell("it's"), "'it'\\''s'");
  EXPECT_EQ(QuotedForShell("$(rm -rf ~); `x` && y | z > w"), "'$(rm -rf ~); `x` && y | z > w'");
  EXPECT_EQ(QuotedForShell("~/policy"), "'~/policy'");
  EXPECT_EQ(QuotedForShell("line\nbreak"), "'line\nbreak'");
  EXPECT_EQ(QuotedForShell("für"), "'für'");
}

}  // namespace
}  // namespace slogate
