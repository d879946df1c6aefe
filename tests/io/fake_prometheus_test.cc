// The fake of Prometheus, over the wire and without: other tests believe it.
#include "tests/testing/fake_prometheus.h"

#include <string>
#include <utility>
#include <vector>

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/io/http.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

TEST(PrometheusReplies, ExactShapes) {
  fake::PrometheusReplies replies(absl::FromUnixMillis(1'795'373'737'754));
  replies.Scalar("1/0", "+Inf")
      .Vector("up", {{{{"__name__", "up"}, {"job", "a\"\\\n"}}, "1"}, {{{"job", "b"}}, "NaN"}})
      .Value("sum(up)", "2671874")
      .Series("up{}", {{{"__name__", "up"}, {"job", "a"}}, {{"__name__", "up"}}})
      .Instead("bad(", fake::ErrorReply(400, "bad_data", "parse \"error\""))
      .Instead("partial", fake::WarnedReply(R"({"resultType":"vector","result":[]})", {"half"}))
      .Instead("gone", fake::ResetWithoutAnswer());
  struct Case {
    const char* name;
    const char* path;
    std::vector<std::pair<std::string, std::string>> form;
    int status;
    const char* body;
  };
  const Case cases[] = {
      {"clock",
       "/api/v1/query",
       {{"query", "time()"}},
       200,
       R"({"status":"success","data":{"resultType":"scalar","result":[1795373737.754,"1795373737.754"]}})"},
      {"clock at an instant",
       "/api/v1/query",
       {{"query", "time()"}, {"time", "1795212000"}},
       200,
       R"({"status":"success","data":{"resultType":"scalar","result":[1795212000,"1795212000"]}})"},
      {"instant in RFC 3339",
       "/api/v1/query",
       {{"query", "time()"}, {"time", "2026-11-20T22:00:00Z"}},
       200,
       R"({"status":"success","data":{"resultType":"scalar","result":[1795212000,"1795212000"]}})"},
      {"scalar",
       "/api/v1/query",
       {{"query", "1/0"}, {"time", "5.5"}},
       200,
       R"({"status":"success","data":{"resultType":"scalar","result":[5.500,"+Inf"]}})"},
      {"vector",
       "/api/v1/query",
       {{"query", "up"}, {"time", "5"}},
       200,
       R"({"status":"success","data":{"resultType":"vector","result":[)"
       R"({"metric":{"__name__":"up","job":"a\"\\\u000a"},"value":[5,"1"]},{"metric":{"job":"b"},"value":[5,"NaN"]}]}})"},
      {"a single value, below a path prefix",
       "/prom/api/v1/query",
       {{"query", "sum(up)"}, {"time", "5"}},
       200,
       R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[5,"2671874"]}]}})"},
      {"unknown query",
       "/api/v1/query",
       {{"query", "nothing"}, {"time", "5"}},
       200,
       R"({"status":"success","data":{"resultType":"vector","result":[]}})"},
      {"series",
       "/api/v1/series",
       {{"match[]", "up{}"}},
       200,
       R"({"status":"success","data":[{"__name__":"up","job":"a"},{"__name__":"up"}]})"},
      {"unknown series",
       "/api/v1/series",
       {{"match[]", "down"}},
       200,
       R"({"status":"success","data":[]})"},
      {"error",
       "/api/v1/query",
       {{"query", "bad("}},
       400,
       R"({"status":"error","errorType":"bad_data","error":"parse \"error\""})"},
      {"warned",
       "/api/v1/query",
       {{"query", "partial"}},
       200,
       R"({"status":"success","data":{"resultType":"vector","result":[]},"warnings":["half"]})"},
      {"unknown path", "/api/v2/query", {{"query", "up"}}, 404, "404 page not found\n"},
  };
  const fake::Server server(replies);
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    HttpRequest request;
    request.url = server.url() + c.path;
    request.form = c.form;
    const HttpExchange wire =
        CurlHttp(fake::NoPause)->Perform({request}, 1, absl::Seconds(30), nullptr).at(0);
    for (const HttpExchange& exchange : {wire, replies(request)}) {
      EXPECT_EQ(exchange.end, HttpEnd::kAnswered);
      EXPECT_EQ(exchange.status, c.status);
      EXPECT_EQ(exchange.body, c.body);
      EXPECT_EQ(exchange.content_type,
                c.status == 404 ? "text/plain; charset=utf-8" : "application/json");
    }
  }
  HttpRequest gone;
  gone.url = server.url() + "/api/v1/query";
  gone.form = {{"query", "gone"}};
  EXPECT_EQ(CurlHttp(fake::NoPause)->Perform({gone}, 1, absl::Seconds(30), nullptr).at(0).failure,
            "the connection was reset");
  EXPECT_EQ(replies(gone).failure, "the connection was reset");
}

}  // namespace
}  // namespace slogate
