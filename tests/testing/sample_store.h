// A server's raw samples, and its answers to remote reads of them: of each query the series that all
// matchers select, from the first time asked for to the last, one series a frame.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include "gate/evidence/samples.h"
#include "gate/policy/selector.h"
#include "tests/testing/fake_server.h"

namespace slogate::fake {

class SampleStore {
 public:
  // A series as PromQL names it, x{a="b"}, which is new.
  SampleStore& Add(absl::string_view series, std::vector<slogate::Sample> samples);

  // The same with samples from `from` to `to`: `first`, and `more` more in each.
  SampleStore& Add(absl::string_view series, absl::Time from, absl::Time to, absl::Duration step,
                   double first, double more);

  bool empty() const { return series_.empty(); }

  // To what EncodeReadRequest wrote; "" where `request` is nothing of that kind.
  std::string Frames(absl::string_view request) const;

  // With status and content type.
  Reply Read(absl::string_view request) const;

 private:
  std::map<SeriesLabels, std::vector<slogate::Sample>> series_;
};

}  // namespace slogate::fake
