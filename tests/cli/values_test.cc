#include "gate/cli/values.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

using Strings = std::vector<std::string>;

TEST(IsDigestTest, Table) {
  const std::string hex(64, 'a');
  EXPECT_TRUE(IsDigest("sha256:" + hex));
  EXPECT_TRUE(IsDigest("sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"));
  for (const std::string& text :
       {std::string(), hex, "sha256:" + hex.substr(1), "sha256:" + hex + "a", "sha512:" + hex,
        "SHA256:" + hex, "sha256:" + std::string(64, 'A'), "sha256:" + std::string(64, 'g'),
        " sha256:" + hex, "sha256:" + hex + "\n", "image@sha256:" + hex}) {
    EXPECT_FALSE(IsDigest(text)) << text;
  }
}

TEST(CheckValueTest, Table) {
  const auto check = [](const std::string& value) {
    Strings wrong;
    CheckValue("--version", value, wrong);
    return wrong;
  };
  EXPECT_EQ(check(""), Strings());
  EXPECT_EQ(check("4.18.2+build 7 (für alle)"), Strings());
  EXPECT_EQ(check(std::string(200, 'x')), Strings());
  EXPECT_EQ(check(std::string(201, 'x')),
            Strings{"--version has 201 bytes; at most 200 are taken"});
  const std::string shown =
      "--version holds characters that a terminal does not show as they are: ";
  EXPECT_EQ(check("a\x1b[2J"), Strings{shown + "a\\x1b[2J"});
  EXPECT_EQ(check("a\nb"), Strings{shown + "a\\x0ab"});
  EXPECT_EQ(check("a\u202eb"), Strings{shown + "a\\u202eb"});
  EXPECT_EQ(check("a\u200bb"), Strings{shown + "a\\u200bb"});
  EXPECT_EQ(check("a\xff"), Strings{shown + "a\\xff"});
}

TEST(RepeatableCommandTest, WithoutTheChangeClassAndQuotedForAShell) {
  const auto command = [](const Strings& arguments) { return RepeatableCommand(arguments); };
  EXPECT_EQ(command({"check"}), "slogate check");
  EXPECT_EQ(command({"check", "--policy", "p.yaml", "--change", "security", "--ticket", "CVE-1",
                     "--json", "-"}),
            "slogate check --policy p.yaml --json -");
  EXPECT_EQ(command({"check", "--change=security", "--policy=p.yaml", "--ticket=CVE-1"}),
            "slogate check --policy=p.yaml");
  EXPECT_EQ(command({"check", "--policy", "a b.yaml", "--version", "", "--service", "it's"}),
            "slogate check --policy 'a b.yaml' --version '' --service 'it'\\''s'");
  EXPECT_EQ(command({"check", "--version", "$(reboot)", "--commit", "`x`;y&z|a>b*?~#!\\\""}),
            "slogate check --version '$(reboot)' --commit '`x`;y&z|a>b*?~#!\\\"'");
  EXPECT_EQ(command({"check", "--artifact", "sha256:ab12", "--commit", "größer"}),
            "slogate check --artifact sha256:ab12 --commit 'größer'");
  EXPECT_EQ(command({"check", "--version", "--changed"}), "slogate check --version --changed");
}

}  // namespace
}  // namespace slogate
