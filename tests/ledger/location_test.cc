#include "gate/ledger/location.h"

#include <ostream>
#include <string>

#include <gtest/gtest.h>

namespace slogate {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::string place, description;  // "": refused
  std::string error;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class Locations : public testing::TestWithParam<Case> {};

TEST_P(Locations, AreReadOrRefused) {
  const Case& test = GetParam();
  const absl::StatusOr<LedgerLocation> location = ParseLedgerLocation(test.text);
  if (!test.error.empty()) {
    EXPECT_EQ(location.status(), absl::InvalidArgumentError(test.error));
    return;
  }
  ASSERT_TRUE(location.ok()) << location.status();
  EXPECT_EQ(location->kind == LedgerLocation::Kind::kSqlite, test.text[0] == 's');
  EXPECT_EQ(location->place, test.place);
  EXPECT_EQ(Describe(*location), test.description);
}

const char kForms[] =
    "a ledger is named as sqlite:FILE or postgresql://[USER@]HOST[:PORT]/DATABASE";

INSTANTIATE_TEST_SUITE_P(
    All, Locations,
    testing::Values(
        Case{"File", "sqlite:a/b.db", "a/b.db", "sqlite:a/b.db", ""},
        Case{"WholePath", "sqlite:/var/lib/x y.db", "/var/lib/x y.db", "sqlite:/var/lib/x y.db",
             ""},
        Case{"NothingSpecial", "sqlite::memory:", ":memory:", "sqlite::memory:", ""},
        Case{"Server", "postgresql://ci@db.example/gate?sslrootcert=/ca.pem",
             "postgresql://ci@db.example/gate?sslrootcert=/ca.pem",
             "postgresql://db.example:5432/gate", ""},
        Case{"Empty", "", "", "", kForms}, Case{"NoScheme", "ledger.db", "", "", kForms},
        Case{"OtherScheme", "mysql://h/d", "", "", kForms},
        Case{"OldScheme", "postgres://u:secret@h/d", "", "",
             std::string("the URL of a PostgreSQL database begins with postgresql://; ") + kForms},
        Case{"NoFile", "sqlite:", "", "", std::string("sqlite: names no file; ") + kForms},
        Case{"Folder", "sqlite:/var/", "", "", std::string("sqlite: names no file; ") + kForms},
        Case{"Nul", std::string("sqlite:a\0b", 10), "", "",
             "the path of the ledger has a NUL byte"},
        Case{"Password", "postgresql://u:secret@h/d", "", "",
             "the ledger's URL holds a password: keep it in ~/.pgpass or in PGPASSWORD"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate
