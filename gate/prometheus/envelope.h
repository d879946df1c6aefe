// The envelope of a Prometheus' HTTP answers, {"status": "success", "data": ...}: whether an
// exchange is a success at all, by its status, content type and body together, or which finding it
// is.
#pragma once

#include <string>
#include <variant>

#include "gate/evidence/evidence.h"
#include "gate/io/http.h"
#include "gate/prometheus/credentials.h"
#include "gate/text/json.h"

namespace slogate {

// The whole envelope of a success, always an object; or why there is none.
std::variant<json::Value, Finding> ReadEnvelope(const HttpExchange& exchange,
                                                const Credentials& credentials);

// `words` from a server, fit for a detail: masked, on one line, printable, cut to
// limits::kQuotedBytes.
std::string Quoted(std::string words, const Credentials& credentials);

}  // namespace slogate
