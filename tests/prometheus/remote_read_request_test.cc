#include "gate/prometheus/remote_read_request.h"

#include <snappy.h>

#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>
#include <protozero/pbf_reader.hpp>

namespace slogate {
namespace {

// Every field as number=value, nested ones in brackets; strings are fields 2 and 3 of depth 3.
std::string Shown(protozero::pbf_reader message, int depth = 1) {
  std::string text;
  while (message.next()) {
    absl::StrAppend(&text, text.empty() ? "" : " ", message.tag(), "=");
    if (message.wire_type() == protozero::pbf_wire_type::varint) {
      absl::StrAppend(&text, message.get_int64());
    } else if (depth == 3) {
      absl::StrAppend(&text, "'", message.get_string(), "'");
    } else {
      absl::StrAppend(&text, "[", Shown(message.get_message(), depth + 1), "]");
    }
  }
  return text;
}

std::string Shown(const std::string& compressed) {
  std::string bytes;
  if (!snappy::Uncompress(compressed.data(), compressed.size(), &bytes)) return "no snappy block";
  return Shown(protozero::pbf_reader(bytes.data(), bytes.size()));
}

TEST(RemoteReadRequest, AsksForStreamsAlone) { EXPECT_EQ(Shown(EncodeReadRequest({})), "2=1"); }

TEST(RemoteReadRequest, SaysEveryQueryWithAllItsMatchers) {
  const std::vector<ReadQuery> queries = {
      {{"requests_total",
        {{"a", "=", "x"}, {"b", "!=", ""}, {"c", "=~", "5..|\xc3\xa4"}, {"d", "!~", "y"}}},
       1'795'000'000'000,
       1'795'651'200'000},
      {{"up", {}}, -1, 0}};
  EXPECT_EQ(Shown(EncodeReadRequest(queries)),
            "1=[1=1795000000000 2=1795651200000 3=[1=0 2='__name__' 3='requests_total'] "
            "3=[1=0 2='a' 3='x'] 3=[1=1 2='b' 3=''] 3=[1=2 2='c' 3='5..|\xc3\xa4'] "
            "3=[1=3 2='d' 3='y']] "
            "1=[1=-1 2=0 3=[1=0 2='__name__' 3='up']] 2=1");
}

TEST(RemoteReadRequest, CarriesWhatTheSourceWants) {
  SourceConfig source;
  source.url.value = "https://prometheus.test/under/";
  Credentials credentials;
  credentials.headers = {{"Authorization", "Bearer abc"}};
  const HttpRequest request = RemoteReadRequest(source, credentials, {});
  EXPECT_EQ(request.url, "https://prometheus.test/under/api/v1/read");
  EXPECT_EQ(request.headers, (std::vector<std::pair<std::string, std::string>>{
                                 {"Authorization", "Bearer abc"},
                                 {"Content-Encoding", "snappy"},
                                 {"X-Prometheus-Remote-Read-Version", "0.1.0"}}));
  ASSERT_TRUE(request.content.has_value());
  EXPECT_EQ(request.content->type, "application/x-protobuf");
  EXPECT_EQ(Shown(request.content->bytes), "2=1");
}

}  // namespace
}  // namespace slogate
