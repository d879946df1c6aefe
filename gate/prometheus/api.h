// The answers of a Prometheus' HTTP API, read strictly: a number, the absence of data, or a
// finding. Whatever is not exactly the answer to the request is a finding; its detail quotes the
// server, printable, cut, and with the secrets masked.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <absl/time/time.h>

#include "gate/base/rational.h"
#include "gate/evidence/evidence.h"
#include "gate/io/http.h"
#include "gate/prometheus/credentials.h"

namespace slogate {

struct Heard {
  std::optional<Rational> value;
  std::optional<Finding>
      finding;  // never together with a value; neither: the server has no such data
};

// The answer to an instant query whose result is one number without labels, evaluated at `at`
// (whole milliseconds); without `at`, to `time()`: seconds since 1970, of the server's own choice.
Heard ReadNumber(const HttpExchange& exchange, std::optional<absl::Time> at,
                 const Credentials& credentials);

// The answer to an instant query evaluated at `at` whose result is one series, whatever its labels.
Heard ReadOneSeries(const HttpExchange& exchange, absl::Time at, const Credentials& credentials);

// One number of an answer that labels divide, with the values of those labels in the order asked
// for; "" where a series lacks the label.
struct Part {
  std::vector<std::string> labels;
  Heard heard;  // a value or a finding
};

// The answer to an instant query divided by the labels `by`, evaluated at `at`: its parts, of which
// no two have the same labels; or the finding that spoils it whole, too_large among them where
// there are more than limits::kParts.
std::variant<std::vector<Part>, Finding> ReadParts(const HttpExchange& exchange, absl::Time at,
                                                   const std::vector<std::string>& by,
                                                   const Credentials& credentials);

// The answer to an instant query of one series for each bound of a histogram's
// buckets: the finding no_bucket, whose detail is the finite bounds as the server spells them, in
// order; nothing where there are none. Never a value.
Heard ReadBounds(const HttpExchange& exchange, const Credentials& credentials);

// The answer to a look for series: 1 where there is one, no data where there is none.
Heard ReadSeries(const HttpExchange& exchange, const Credentials& credentials);

}  // namespace slogate
