// Counters whose every event is known by heart, as the tests of whole runs measure them: a sample a
// minute, on whole minutes. At an instant on a whole minute increase() tells their truth to the
// last event; of a constant rate it does so at any instant.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "tests/real/gate.h"
#include "tests/testing/prometheus_server.h"
#include "tests/testing/series_generator.h"
#include "tests/testing/temp_folder.h"

namespace slogate::fake {

// The events of the minute that ends at a time.
using Rate = std::function<double(absl::Time)>;
Rate Constant(double per_minute);

Series Minutely(std::string name, std::map<std::string, std::string> labels, absl::Time start,
                absl::Time end, Rate rate);

// Eight days of services that fare each in another way, until three quarters of an hour after
// `base`, a multiple of 15 minutes (on such a grid slogate looks for the age of stale data).
//   shop_…       2000 requests a minute in env="prod", one of them bad; also as good, bad and all,
//                counters of their own. In env="staging" 1000, of which 100 are bad
//   calm_…       1000 a minute, no series of bad ones. calm_errors_total stands at a constant;
//                once_errors_total has a single sample, three days old; old_errors_total ended
//                seven days and 22 hours ago
//   pods_…       like four shops, whose processes restart every six hours at different minutes
//   young_…, infant_…         like calm, but began two days and twelve hours ago
//   ended_22m_…, ended_2h_…   like calm, but ended as long ago
//   idle_…       a counter that stands still
//   rare_…       one request every three hours, the last an hour and a half ago
//   lull_…       like the shop, but nobody comes since ten minutes ago
//   fast_…       1000 a minute, 1 % of them bad since two hours
//   over_…       10 % bad for the hour that ended twenty minutes ago
//   slow_…       0.2 % bad since two days
std::string EightDays(absl::Time base);

// A server with those eight days, shared by a suite; `base` is at most a quarter of an hour ago,
// for which all of the above stays true.
class OnEightDays : public testing::Test {
 protected:
  static void SetUpTestSuite();
  static void TearDownTestSuite();
  void SetUp() override;

  // A real run by a policy in which SOURCE stands for the server's address.
  Checked Check(const std::string& policy, const std::vector<std::string>& arguments = {});
  // A dry run as of `base`, with --detailed-exit-code.
  Checked CheckAtBase(const std::string& policy);

 private:
  static inline absl::Time base_;
  static inline std::unique_ptr<TempFolder> folder_;
  static inline std::unique_ptr<PrometheusServer> server_;
  Gate gate_;
};

}  // namespace slogate::fake
