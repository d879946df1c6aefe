#include "gate/starter/status.h"

#include <ostream>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "gate/policy/selector.h"

namespace slogate {
namespace {

struct Case {
  const char* name;
  const char* label;
  std::set<std::string> values;
  const char* want;  // the matcher; "" for none
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class Status : public testing::TestWithParam<Case> {};

TEST_P(Status, BadEvents) {
  const std::optional<Matcher> bad = BadEvents(GetParam().label, GetParam().values);
  EXPECT_EQ(bad ? Print(*bad) : "", GetParam().want);
}

constexpr char kGoNames[] =
    R"(grpc_code=~"Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss")";

INSTANTIATE_TEST_SUITE_P(
    All, Status,
    testing::ValuesIn(std::vector<Case>{
        {"Http", "code", {"200", "404", "503"}, R"(code=~"5..")"},
        {"NoHttpErrorYet", "status", {"200"}, R"(status=~"5..")"},
        {"HttpClasses", "status", {"2xx", "4xx"}, R"(status=~"5..")"},
        {"HttpClassesInCapitals", "code", {"2XX"}, R"(code=~"5..")"},
        {"HttpBesideOdd", "code", {"", "-", "000", "200"}, R"(code=~"5..")"},
        {"NoHttp", "code", {"000", "600", "20", "2000", "2a0"}, ""},
        {"GoGrpc", "grpc_code", {"OK", "NotFound"}, kGoNames},
        {"GoGrpcThatNeverFailed", "grpc_code", {"OK"}, kGoNames},
        {"GrpcConstants",
         "code",
         {"OK", "NOT_FOUND"},
         R"(code=~"UNKNOWN|DEADLINE_EXCEEDED|UNIMPLEMENTED|INTERNAL|UNAVAILABLE|DATA_LOSS")"},
        {"GrpcNumbers", "grpc_status", {"0", "5"}, R"(grpc_status=~"2|4|12|13|14|15")"},
        {"NumbersThatNeedNotBeGrpc", "code", {"0", "5"}, ""},
        {"OkAlone", "result", {"OK"}, ""},
        {"Words", "result", {"success", "error", "timeout"}, R"(result=~"error|timeout")"},
        {"OneWord",
         "outcome",
         {"SUCCESS", "SERVER_ERROR", "CLIENT_ERROR"},
         R"(outcome="SERVER_ERROR")"},
        {"WordsUnknown", "result", {"hit", "miss"}, ""},
        {"Nothing", "code", {}, ""},
        {"NoWordBreaksOut", "result", {"error\"}", "error|.*", "ERROR"}, R"(result="ERROR")"},
    }),
    [](const auto& test) { return test.param.name; });

TEST(StatusLabels, AreDistinctNames) {
  std::set<std::string> seen;
  for (const std::string& label : StatusLabels()) {
    EXPECT_TRUE(seen.insert(label).second) << label;
    Selector selector;
    SelectorMistake mistake;
    EXPECT_TRUE(ParseSelector("{" + label + "=\"x\"}", selector, mistake)) << mistake.message;
  }
}

}  // namespace
}  // namespace slogate
