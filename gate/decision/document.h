// The decision document: a decision as one line of JSON, byte for byte the same for the same
// inputs, and the inputs back out of it. The fields are DESIGN §8's and §11's.
#pragma once

#include <string>

#include <absl/status/statusor.h>

#include "gate/decision/decision.h"
#include "gate/text/json.h"

namespace slogate {

// The document with its id, LF at the end; the id alone also in `id`, where that is wanted.
std::string WriteDocument(const Decision& decision, std::string* id = nullptr);

// A stored document, and the inputs in it: all of Decision but the ruling.
struct Document {
  json::Value json;
  Decision inputs;
  bool id_matches = false;  // whether the id is the digest of the rest, as it was written
};

// InvalidArgument, in one line, for anything that is no decision document of this version.
absl::StatusOr<Document> ReadDocument(absl::string_view bytes);

}  // namespace slogate
