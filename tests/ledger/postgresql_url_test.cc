#include "gate/ledger/postgresql_url.h"

#include <map>
#include <ostream>
#include <string>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

struct Good {
  const char* name;
  const char* url;
  const char* parts;  // user, host, port, database, tls
  const char* description;
};

void PrintTo(const Good& test, std::ostream* out) { *out << test.name; }

class GoodUrls : public testing::TestWithParam<Good> {};

TEST_P(GoodUrls, AreRead) {
  const absl::StatusOr<PostgresqlUrl> url = ParsePostgresqlUrl(GetParam().url);
  ASSERT_TRUE(url.ok()) << url.status();
  EXPECT_EQ(absl::StrCat(url->user, " ", url->host, " ", url->port, " ", url->database, " ",
                         absl::StrJoin(url->tls, ",", absl::PairFormatter("="))),
            GetParam().parts);
  EXPECT_EQ(Describe(*url), GetParam().description);
}

INSTANTIATE_TEST_SUITE_P(
    All, GoodUrls,
    testing::Values(
        Good{"Whole", "postgresql://ci@db.example:6432/gate",
             "ci db.example 6432 gate sslmode=verify-full", "postgresql://db.example:6432/gate"},
        Good{"Least", "postgresql://db/gate", " db 5432 gate sslmode=verify-full",
             "postgresql://db:5432/gate"},
        Good{"Address", "postgresql://[fe80::1]:1/g", " fe80::1 1 g sslmode=verify-full",
             "postgresql://[fe80::1]:1/g"},
        Good{"Certificates",
             "postgresql://db/g?sslmode=verify-ca&sslrootcert=/"
             "a%20b.pem&sslcert=c&sslkey=k&sslcrl=l",
             " db 5432 g sslcert=c,sslcrl=l,sslkey=k,sslmode=verify-ca,sslrootcert=/a b.pem",
             "postgresql://db:5432/g"},
        Good{"ThisMachine", "postgresql://localhost/g?sslmode=disable",
             " localhost 5432 g sslmode=disable", "postgresql://localhost:5432/g"},
        Good{"Socket", "postgresql://ci@/g?host=/run/pg", "ci /run/pg 5432 g sslmode=disable",
             "postgresql:///g?host=/run/pg"},
        Good{"SocketAsHost", "postgresql://%2Frun%2Fpg:99/g", " /run/pg 99 g sslmode=disable",
             "postgresql:///g?host=/run/pg"},
        Good{"Escapes", "postgresql://a%40b@db/caf%C3%A9", "a@b db 5432 café sslmode=verify-full",
             "postgresql://db:5432/café"}),
    [](const auto& test) { return test.param.name; });

struct Bad {
  const char* name;
  const char* url;
  const char* error;  // after "the ledger's URL "
};

void PrintTo(const Bad& test, std::ostream* out) { *out << test.name; }

class BadUrls : public testing::TestWithParam<Bad> {};

TEST_P(BadUrls, AreRefusedWithoutAWordOfThem) {
  const absl::Status status = ParsePostgresqlUrl(GetParam().url).status();
  EXPECT_EQ(status,
            absl::InvalidArgumentError(absl::StrCat("the ledger's URL ", GetParam().error)));
  EXPECT_EQ(std::string(status.message()).find("secret"), std::string::npos);
}

const char kWeak[] =
    "has an sslmode with which somebody else could answer: take verify-full or verify-ca, with "
    "sslrootcert=FILE for the certificates that you trust (disable is for localhost alone)";
const char kUnknown[] =
    "has an option that is not known here: there are sslmode, sslrootcert, sslcert, sslkey, "
    "sslcrl, "
    "and host for the folder of a socket";
const char kPassword[] = "holds a password: keep it in ~/.pgpass or in PGPASSWORD";
const char kServer[] = "names no single server between \"//\" and \"/\"";
const char kDatabase[] = "names no database: postgresql://HOST/DATABASE";

INSTANTIATE_TEST_SUITE_P(
    All, BadUrls,
    testing::Values(
        Bad{"Scheme", "postgres://db/g", "does not begin with postgresql://"},
        Bad{"Password", "postgresql://u:secret@db/g", kPassword},
        Bad{"PasswordOption", "postgresql://db/g?password=secret", kPassword},
        Bad{"Fragment", "postgresql://u:secret#@db/g", "has a '#': write %23"},
        Bad{"NoUser", "postgresql://@db/g", "has a user that is none"},
        Bad{"NoHost", "postgresql:///g",
            "names no server: postgresql://HOST/DATABASE, or ?host=/FOLDER of its socket"},
        Bad{"SeveralHosts", "postgresql://a,b/g", kServer},
        Bad{"HostOption", "postgresql://a/g?host=/b", kUnknown},
        Bad{"HostNameOption", "postgresql:///g?host=db", kUnknown},
        Bad{"Port", "postgresql://db:70000/g", "has a port that is none"},
        Bad{"PortWord", "postgresql://db:pg/g", "has a port that is none"},
        Bad{"EmptyPort", "postgresql://db:/g", "has a port that is none"},
        Bad{"Bracket", "postgresql://[::1/g", "has a '[' without its ']'"},
        Bad{"NoDatabase", "postgresql://db", kDatabase},
        Bad{"EmptyDatabase", "postgresql://db/", kDatabase},
        Bad{"TwoDatabases", "postgresql://db/a/b", kDatabase},
        Bad{"HalfEscape", "postgresql://db/a%4", kDatabase},
        Bad{"Nul", "postgresql://db/a%00", kDatabase},
        Bad{"NoUtf8", "postgresql://db/a%ff", kDatabase},
        Bad{"Prefer", "postgresql://db/g?sslmode=prefer", kWeak},
        Bad{"Require", "postgresql://db/g?sslmode=require", kWeak},
        Bad{"Disable", "postgresql://db/g?sslmode=disable", kWeak},
        Bad{"DisableForLookalike", "postgresql://localhost.example/g?sslmode=disable", kWeak},
        Bad{"AllowHere", "postgresql://localhost/g?sslmode=allow", kWeak},
        Bad{"Twice", "postgresql://db/g?sslmode=verify-full&sslmode=disable", "has sslmode twice"},
        Bad{"NoValue", "postgresql://db/g?sslrootcert=", "has no value for sslrootcert"},
        Bad{"Options", "postgresql://db/g?options=-csynchronous_commit%3Doff", kUnknown},
        Bad{"Service", "postgresql://db/g?service=x", kUnknown},
        Bad{"HostAddress", "postgresql://db/g?hostaddr=1.2.3.4", kUnknown}),
    [](const auto& test) { return test.param.name; });

// What stands here no variable of the environment can change, so it must be all that matters.
TEST(PostgresqlUrl, LeavesNothingToTheEnvironment) {
  const PostgresqlUrl url = ParsePostgresqlUrl("postgresql://ci@db/g?sslrootcert=/ca").value();
  EXPECT_EQ(absl::StrJoin(ConnectionParameters(url), "\n", absl::PairFormatter("=")),
            "host=db\n"
            "port=5432\n"
            "dbname=g\n"
            "application_name=slogate\n"
            "client_encoding=UTF8\n"
            "connect_timeout=10\n"
            "keepalives=1\n"
            "keepalives_idle=10\n"
            "keepalives_interval=5\n"
            "keepalives_count=3\n"
            "tcp_user_timeout=30000\n"
            "options=-c search_path=pg_catalog -c lock_timeout=10s -c statement_timeout=60s -c "
            "idle_in_transaction_session_timeout=60s\n"
            "target_session_attrs=any\n"
            "replication=false\n"
            "gssencmode=disable\n"
            "ssl_min_protocol_version=TLSv1.2\n"
            "sslcompression=0\n"
            "sslsni=1\n"
            "channel_binding=prefer\n"
            "user=ci\n"
            "sslmode=verify-full\n"
            "sslrootcert=/ca");
}

}  // namespace
}  // namespace slogate
