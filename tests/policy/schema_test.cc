// The committed schemas and reference page are what the descriptions say. SLOGATE_UPDATE=1 rewrites
// them.
#include "gate/policy/schema.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/text/json.h"

namespace slogate {
namespace {

void ExpectCommitted(const std::string& name, const std::string& generated) {
  const std::string path = absl::StrCat(SLOGATE_SOURCE_DIR, "/policies/", name);
  if (std::getenv("SLOGATE_UPDATE") != nullptr) std::ofstream(path, std::ios::binary) << generated;
  std::ifstream file(path, std::ios::binary);
  const std::string committed((std::istreambuf_iterator<char>(file)), {});
  EXPECT_EQ(committed, generated) << path << " is out of date; run this test with SLOGATE_UPDATE=1";
}

TEST(PolicySchema, CommittedFilesAreUpToDate) {
  for (const char* kind : {"ReleasePolicy", "ServiceObjectives"}) {
    const std::optional<std::string> schema = PolicySchema(kind);
    ASSERT_TRUE(schema.has_value()) << kind;
    ExpectCommitted(absl::StrCat(kind, ".schema.json"), *schema);
  }
}

TEST(PolicySchema, ReferencePageIsUpToDate) { ExpectCommitted("reference.md", PolicyReference()); }

TEST(PolicySchema, OtherKindsHaveNone) {
  EXPECT_FALSE(PolicySchema("").has_value());
  EXPECT_FALSE(PolicySchema("releasepolicy").has_value());
}

TEST(PolicySchema, NoStructTakesUnknownKeys) {
  const auto schema = json::Parse(*PolicySchema("ReleasePolicy"));
  ASSERT_TRUE(schema.ok()) << schema.status();
  size_t structs = 0;
  for (const auto& [name, definition] : (*schema)["definitions"].object()) {
    if (!definition["properties"].is_object()) continue;
    ++structs;
    EXPECT_EQ(definition["additionalProperties"], json::Value(false)) << name;
  }
  EXPECT_GT(structs, 15u);
}

}  // namespace
}  // namespace slogate
