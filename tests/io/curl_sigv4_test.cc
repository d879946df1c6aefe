// Requests signed with AWS Signature Version 4, checked as the server at the other end checks them.
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include "gate/io/http.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/fakes.h"
#include "tests/testing/sigv4.h"

namespace slogate {
namespace {

constexpr char kKeyId[] = "AKIDEXAMPLE";
constexpr char kKey[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

fake::Request Vector(const std::string& method, const std::string& headers,
                     const std::string& signature, const std::string& body) {
  fake::Request request;
  request.method = method;
  request.path = "/";
  request.headers = {
      {"Host", "example.amazonaws.com"},
      {"X-Amz-Date", "20150830T123600Z"},
      {"Content-Type", "application/x-www-form-urlencoded"},
      {"Authorization",
       absl::StrCat("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/"
                    "aws4_request, SignedHeaders=",
                    headers, ", Signature=", signature)}};
  request.body = body;
  return request;
}

// What the tests below check with is held against vectors of AWS's own test suite.
TEST(SigV4Signature, IsTheOneOfAwsTestVectors) {
  for (const fake::Request& request :
       {Vector("GET", "host;x-amz-date",
               "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31", ""),
        Vector("POST", "content-type;host;x-amz-date",
               "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a",
               "Param1=value1")}) {
    EXPECT_EQ(fake::SigV4Signature(request, kKey), fake::SigV4Claim(request)) << request.method;
    EXPECT_NE(fake::SigV4Signature(request, "another key"), fake::SigV4Claim(request));
  }
}

HttpRequest Signed(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.form = {{"query", R"(sum(increase(x_total{a="b c/+&=%é"}[30d])))"}, {"time", "1"}};
  request.username = kKeyId;
  request.password = kKey;
  request.aws_sigv4 = "aws:amz:eu-central-1:aps";
  return request;
}

void ExpectSigned(const fake::Request& request) {
  EXPECT_TRUE(absl::StartsWith(request.Header("Authorization"),
                               absl::StrCat("AWS4-HMAC-SHA256 Credential=", kKeyId, "/")))
      << request.Header("Authorization");
  EXPECT_TRUE(absl::StrContains(request.Header("Authorization"), "/eu-central-1/aps/aws4_request"));
  ASSERT_NE(fake::SigV4Claim(request), "");
  EXPECT_EQ(fake::SigV4Signature(request, kKey), fake::SigV4Claim(request))
      << request.Header("Authorization");
}

TEST(CurlSigV4, TheServerComesToTheSameSignature) {
  const fake::Server server([](const fake::Request&) { return fake::Json("{}"); });
  HttpRequest plain = Signed(absl::StrCat(server.url(), "/workspaces/ws-1/api/v1/query"));
  HttpRequest with_headers = plain;
  with_headers.headers = {{"X-Amz-Security-Token", "session+token/=="},
                          {"X-Scope-OrgID", "tenant"}};
  HttpRequest empty = plain;
  empty.form.clear();
  for (const HttpRequest& request : {plain, with_headers, empty}) {
    const HttpExchange exchange =
        CurlHttp(fake::NoPause)->Perform({request}, 1, absl::Seconds(30), nullptr).at(0);
    EXPECT_EQ(exchange.status, 200) << exchange.failure;
  }
  ASSERT_EQ(server.requests().size(), 3u);
  for (const fake::Request& request : server.requests()) ExpectSigned(request);
  const fake::Request token = server.requests()[1];
  EXPECT_EQ(token.Header("X-Amz-Security-Token"), "session+token/==");
  EXPECT_TRUE(absl::StrContains(token.Header("Authorization"), "x-amz-security-token"))
      << "the token is signed as well";
}

TEST(CurlSigV4, EachTryIsSignedAnew) {
  size_t asked = 0;
  const fake::Server server([&](const fake::Request&) {
    return asked++ == 0 ? fake::Answer(503, "text/plain", "Service Unavailable") : fake::Json("{}");
  });
  const HttpExchange exchange =
      CurlHttp(fake::NoPause)->Perform({Signed(server.url())}, 1, absl::Seconds(30), nullptr).at(0);
  EXPECT_EQ(exchange.status, 200);
  ASSERT_EQ(server.requests().size(), 2u);
  for (const fake::Request& request : server.requests()) ExpectSigned(request);
}

TEST(CurlSigV4, NeitherKeyGoesOverTheWireAsItIs) {
  const fake::Server server([](const fake::Request&) { return fake::Json("{}"); });
  CurlHttp()->Perform({Signed(server.url())}, 1, absl::Seconds(30), nullptr);
  ASSERT_EQ(server.requests().size(), 1u);
  const fake::Request request = server.requests()[0];
  std::string all = request.body;
  for (const auto& [name, value] : request.headers) absl::StrAppend(&all, name, ": ", value, "\n");
  EXPECT_FALSE(absl::StrContains(all, kKey));
  EXPECT_FALSE(absl::StrContains(all, "Basic"));
}

}  // namespace
}  // namespace slogate
