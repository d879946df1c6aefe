#include "gate/prometheus/remote_read_request.h"

#include <snappy.h>

#include <array>
#include <cstdlib>

#include <absl/strings/string_view.h>
#include <protozero/pbf_writer.hpp>

#include "gate/prometheus/request.h"

namespace slogate {
namespace {

// Numbers of fields and values, by prompb/remote.proto and prompb/types.proto of Prometheus.
namespace request {
constexpr protozero::pbf_tag_type kQueries = 1, kAcceptedTypes = 2;
constexpr int32_t kStreamedXorChunks = 1;
}  // namespace request
namespace query {
constexpr protozero::pbf_tag_type kStartMs = 1, kEndMs = 2, kMatchers = 3;
}  // namespace query
namespace matcher {
constexpr protozero::pbf_tag_type kType = 1, kName = 2, kValue = 3;
}  // namespace matcher

// In the order of their numbers, from 0.
constexpr std::array<absl::string_view, 4> kOperators = {"=", "!=", "=~", "!~"};

int32_t TypeOf(absl::string_view op) {
  for (size_t i = 0; i < kOperators.size(); ++i) {
    if (kOperators[i] == op) return static_cast<int32_t>(i);
  }
  std::abort();  // Matcher has no others
}

void AddMatcher(const Matcher& match, protozero::pbf_writer& to) {
  protozero::pbf_writer writer(to, query::kMatchers);
  writer.add_enum(matcher::kType, TypeOf(match.op));
  writer.add_string(matcher::kName, match.label);
  writer.add_string(matcher::kValue, match.value);
}

}  // namespace

std::string EncodeReadRequest(absl::Span<const ReadQuery> queries) {
  std::string bytes;
  protozero::pbf_writer all(bytes);
  for (const ReadQuery& one : queries) {
    protozero::pbf_writer writer(all, request::kQueries);
    writer.add_int64(query::kStartMs, one.start_ms);
    writer.add_int64(query::kEndMs, one.end_ms);
    AddMatcher({"__name__", "=", one.selector.metric}, writer);
    for (const Matcher& match : one.selector.matchers) AddMatcher(match, writer);
  }
  all.add_enum(request::kAcceptedTypes, request::kStreamedXorChunks);
  std::string compressed;
  snappy::Compress(bytes.data(), bytes.size(), &compressed);
  return compressed;
}

HttpRequest RemoteReadRequest(const SourceConfig& source, const Credentials& credentials,
                              absl::Span<const ReadQuery> queries) {
  HttpRequest request = RequestTo(source, credentials, "/api/v1/read", {});
  request.content = {"application/x-protobuf", EncodeReadRequest(queries)};
  request.headers.emplace_back("Content-Encoding", "snappy");
  request.headers.emplace_back("X-Prometheus-Remote-Read-Version", "0.1.0");
  return request;
}

}  // namespace slogate
