// What ScanRecord must come to, by way of the strict reader of JSON and its writer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <absl/strings/string_view.h>
#include <gtest/gtest.h>

namespace slogate::fake {

struct SlowFrame {
  int64_t version = 0, seq = 0;
  std::string log_id, prev, kind, time;  // as written
};

std::optional<SlowFrame> SlowScan(absl::string_view bytes);

// Whether ScanRecord comes to that, by acceptance and frame.
testing::AssertionResult ScansAgree(absl::string_view bytes);

}  // namespace slogate::fake
