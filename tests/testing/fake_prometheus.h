// The answers of a Prometheus, in its exact shapes, by the text of the query; the handler of a
// fake::Server or of a fake::ScriptedHttp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include "gate/io/http.h"
#include "tests/testing/divided_query.h"
#include "tests/testing/fake_server.h"

namespace slogate::fake {

using Labels = std::map<std::string, std::string>;

// A sample of a vector: labels ("__name__" among them) and the value as Prometheus writes it: "12",
// "NaN".
struct Sample {
  Labels labels;
  std::string value;
};

// A query divided by labels that it was not told of is answered from those that it was: they make
// up the parts, and a counter's rest is a part of its own. One that is answered instead spoils the
// whole. Knows `time()` (a scalar: the form's `time`, else `now`), answers an unknown query with an empty
// vector, an unknown series with an empty list and an unknown path with 404. Copies
// are independent: hand it over with std::ref to change the answers later.
class PrometheusReplies {
 public:
  explicit PrometheusReplies(absl::Time now) : now_(now) {}

  PrometheusReplies& Scalar(absl::string_view query, absl::string_view value);
  PrometheusReplies& Vector(absl::string_view query, std::vector<Sample> samples);
  PrometheusReplies& Value(absl::string_view query,
                           absl::string_view value);  // one sample, no labels
  PrometheusReplies& Series(absl::string_view match, std::vector<Labels> series);
  // Anything else: an error, a lie, a hang. For a query or a match[]; the last word on it.
  PrometheusReplies& Instead(absl::string_view query, Reply reply);
  // Answers everything so, `time()` too.
  PrometheusReplies& Always(Reply reply);

  // Whether it was told what to answer to this query or match[], or to queries it is made of.
  bool Knows(const std::string& asked) const;

  Reply operator()(const Request& request) const;
  // The same without a wire: what of a reply is no HTTP answer fails as "the connection was reset".
  HttpExchange operator()(const HttpRequest& request) const;

 private:
  Reply Query(const std::string& query, absl::Time at) const;
  // The queries that `query` divides, with how they belong to it.
  std::vector<std::pair<std::string, Belonging>> DividedBy(const std::string& query) const;
  std::optional<Reply> Divided(const std::string& query, absl::Time at) const;

  absl::Time now_;
  std::map<std::string, std::string>
      results_;  // by query: resultType and result, with byte 1 for the instant
  std::map<std::string, std::vector<Sample>> samples_;  // by query, where it is a vector
  std::map<std::string, std::vector<Labels>> series_;
  std::map<std::string, Reply> instead_;
  std::vector<Reply> always_;  // at most one
};

// {"status":"error",…} with the HTTP status that goes with it: ErrorReply(422, "execution", "too
// many samples").
Reply ErrorReply(int status, absl::string_view type, absl::string_view message);

// A success whose server also warned: `data` is the JSON of the "data" member.
Reply WarnedReply(absl::string_view data, const std::vector<std::string>& warnings);

}  // namespace slogate::fake
