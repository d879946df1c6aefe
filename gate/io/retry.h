// When a request is sent again: only after a failure that may pass by itself, at a random moment,
// within the deadline of its batch, and not without end. Pure, but for FullJitter.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/io/http.h"

namespace slogate {

// Picks a duration from zero up to `most`.
using Jitter = std::function<absl::Duration(absl::Duration most)>;

// Any of them is as likely as any other, so that pipelines that failed together do not come back
// together.
Jitter FullJitter();

// Whether what ended so may end better when sent again.
bool MayPass(const HttpExchange& exchange);

// What a Retry-After asks for, in seconds or as an HTTP date; never negative, perhaps infinite.
// Nullopt where there is none that can be read.
std::optional<absl::Duration> ReadRetryAfter(absl::string_view text, absl::Time now);

// The requests of one batch: which is to be sent now, which waits for another try, which has ended.
class Tries {
 public:
  // `given_up` holds the servers that were asked in vain limits::kTries times: each request to one
  // is tried once only, until one of them is answered. Both it and `requests` must outlive this.
  Tries(absl::Span<const HttpRequest> requests, std::set<std::string>& given_up, Jitter jitter);

  // The number of a request that is to be sent now, or nullopt. Those that waited go first. Times
  // without a date are by the monotonic clock.
  std::optional<size_t> Next(absl::Duration now);

  // How long until Next gives one; zero: it would now; infinite: nothing waits.
  absl::Duration Wait(absl::Duration now) const;

  // The request has come to this end. Plans another try, or says in `exchange` why there is none.
  void End(size_t request, absl::Duration now, absl::Time wall, absl::Duration left,
           HttpExchange& exchange);
  void EndForGood() { ++ended_; }

  bool WasSent(size_t request) const { return tries_[request] > 0; }
  size_t ended() const { return ended_; }  // for good

 private:
  struct Pause {
    absl::Duration until;
    size_t request;
  };

  absl::Span<const HttpRequest> requests_;
  std::set<std::string>& given_up_;
  Jitter jitter_;
  std::vector<int> tries_;  // of each request, so far
  std::vector<Pause> pauses_;
  size_t first_unsent_ = 0, ended_ = 0;
};

}  // namespace slogate
