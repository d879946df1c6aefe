// What a ledger says, told in lines, for tests of what a ruling makes of it.
#pragma once

#include <string>

#include "gate/history/history.h"

namespace slogate::fake {

// The moment that all lines are told from: 2026-11-23T03:12:40Z.
absl::Time PastNow();

// The artifact that lines are about where they say no other.
extern const char kPastArtifact[];

// checkout, no environment, kPastArtifact.
Subject PastSubject();

// A history whose now is PastNow(). Each line is a record, so long before now:
//   240m request ov-1 github:alice rules=spent,fast
//   20m approve ov-1 github:bob role=bob known=database
//   10m use ov-1 sha256:1 again
//   5m failed sha256:1          (or deployed, rolled_back)
//   1m reject ov-1 github:bob   (or revoke, review)
//   90m decision sha256:2 closed=spent/a verdict=deny
// Further words: service= environment= artifact= ticket= refused= account= reason= change= expires= uses=
// outcome= basis= verdict= known= role=; a "_" in a reason, and in "CI_system", is a blank. A "-" before the
// time: after now.
History PastOf(const std::string& lines);

}  // namespace slogate::fake
