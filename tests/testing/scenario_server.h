// The server of a scenario: a fake Prometheus told what to answer by lines of text.
//
// - now TIME: the server's clock, RFC 3339; the gate's too, unless told otherwise
// - clock TIME: the gate's clock
// - events SELECTOR 5m=1 1h=12.5: what increase() says over these windows; "none": no data;
//   31d@9d=100 of the 31 days that ended 9 days before
// - fresh SELECTOR [AGE|none]: the age of the newest sample in seconds; 12 where nothing is said
// - stale SELECTOR 5m: an old sample within this limit, too old for timestamp() to see
// - history SELECTOR 30d [AGE|none]: the age of the oldest sample; the whole window where not said. No
//   slot since then is without a sample
// - covered SELECTOR 30d COUNT|none: how many of its slots have a sample
// - seen SELECTOR 30d samples|index|no: where a counter without events is still known
// - stored SERIES AGE STEP FIRST MORE: raw samples since AGE ago, one every STEP: FIRST, then MORE more in
//   each. Where there is none of these lines, no raw samples are offered
// - read => REPLY: any other answer to who asks for raw samples
// - QUERY => REPLY: any other query or match[]; the last word on it
// - everything => REPLY: whatever is asked, also "refuse" and "hang"
// - first N => REPLY: the first N requests, whatever they ask
// - unlisted => empty: what no line speaks of has no data; otherwise it is a mistake
//
// REPLY: a number as Prometheus writes it · empty · several NUMBER NUMBER · warning NUMBER TEXT ·
// error STATUS TYPE TEXT · status STATUS CONTENT-TYPE TEXT · busy STATUS RETRY-AFTER TEXT ·
// json TEXT · redirect URL · close · reset · half · endless
//
// Selectors stand as slogate prints them, with the environment's matchers. Lines that are empty or
// begin with # are skipped; later lines win.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include "gate/evidence/evidence.h"
#include "tests/testing/fake_prometheus.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/sample_store.h"

namespace slogate::fake {

class ScenarioServer {
 public:
  explicit ScenarioServer(absl::string_view lines);

  std::string url() const;  // where it listens, or where nobody does
  absl::Time gate_clock() const { return clock_; }
  bool hangs() const { return hangs_; }

  // One line a request, sorted: method, path, form, and headers that tell who asks.
  std::string Requests() const;

  // Lines that say nothing it knows, and what was asked that no line speaks of.
  std::vector<std::string> Mistakes() const;

 private:
  void Tell(absl::string_view line);
  void TellAbout(absl::string_view what, absl::string_view rest);
  void Answer(QuestionKind kind, const Selector& selector, absl::Duration over, size_t index,
              absl::string_view value, absl::Duration ago = absl::ZeroDuration());
  void TellStored(absl::string_view rest);
  void TellReply(const std::string& query, absl::string_view reply);
  std::optional<Reply> ReplyOf(absl::string_view reply) const;
  void Wrong(std::string mistake);
  Reply Serve(const Request& request);

  absl::Time now_, clock_;
  PrometheusReplies replies_;
  bool anything_ = false, hangs_ = false;
  size_t first_ = 0;  // how many requests `at_first_` still answers
  Reply at_first_;
  SampleStore store_;
  std::optional<Reply> read_;
  mutable std::mutex mutex_;
  std::vector<std::string> mistakes_;
  std::unique_ptr<RefusingPort> nobody_;
  std::unique_ptr<Server> server_;  // last, so that its thread ends before what it uses
};

}  // namespace slogate::fake
