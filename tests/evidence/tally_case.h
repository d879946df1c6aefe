// Samples and counts as short texts, for tables about counting. Labels are "code=500,instance=a",
// samples "0:5 60:7 120:stale", in seconds; what is counted in a window is told as
// "5..8 ±2: 3 series, 1 resets, 2 births, 1 uncertain, step".
#pragma once

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>

#include "gate/evidence/tally.h"
#include "tests/evidence/evidence_case.h"

namespace slogate {

struct StoredSeries {
  std::string labels;
  std::string samples;
};

inline SeriesLabels LabelsOf(const std::string& text) {
  SeriesLabels labels;
  for (absl::string_view label : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    labels.push_back(absl::StrSplit(label, absl::MaxSplits('=', 1)));
  }
  std::sort(labels.begin(), labels.end());
  return labels;
}

inline double ValueOf(absl::string_view text) {
  if (text == "stale") {
    const uint64_t bits = 0x7ff0000000000002;
    double value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  double value = 0;
  EXPECT_TRUE(absl::SimpleAtod(text, &value)) << text;
  return value;
}

inline std::vector<Sample> SamplesOf(const std::string& text) {
  std::vector<Sample> samples;
  for (absl::string_view sample : absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    const std::pair<std::string, std::string> parts = absl::StrSplit(sample, ':');
    double seconds = 0;
    EXPECT_TRUE(absl::SimpleAtod(parts.first, &seconds)) << sample;
    samples.push_back({static_cast<int64_t>(seconds * 1000), ValueOf(parts.second)});
  }
  return samples;
}

inline std::string Text(const WindowTally& window) {
  return absl::StrCat(
      Text(window.events),
      window.estimate() ? absl::StrCat(" ±", window.across.ExactDecimal().value_or("?")) : "", ": ",
      window.series, " series, ", window.resets, " resets, ", window.births, " births, ",
      window.uncertain, " uncertain", window.step ? ", step" : "");
}

inline std::string Text(const SeriesLabels& labels) {
  return absl::StrJoin(labels, ",", absl::PairFormatter("="));
}

inline int Everything(const SeriesLabels&) { return 1; }

// Handed on in pieces of `piece` samples.
inline Tally TallyOf(const TallyPlan& plan, const std::vector<StoredSeries>& stored,
                     size_t piece = 1'000) {
  Tally tally(plan);
  for (const StoredSeries& series : stored) {
    const std::vector<Sample> samples = SamplesOf(series.samples);
    tally.Begin(LabelsOf(series.labels));
    for (size_t i = 0; i < samples.size(); i += piece) {
      tally.Add(absl::MakeConstSpan(samples).subspan(i, piece));
    }
    tally.End();
  }
  return tally;
}

}  // namespace slogate
