// A place to run slogate in, whole and in this process, with the clock, files and HTTP all real.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include "gate/io/clock.h"
#include "gate/io/files.h"
#include "gate/io/http.h"
#include "gate/prometheus/prometheus_source.h"
#include "gate/text/json.h"
#include "tests/testing/fakes.h"
#include "tests/testing/temp_folder.h"

namespace slogate::fake {

struct Ran {
  int exit = -1;
  std::string out, err;
};

struct Checked {
  int exit = -1;
  std::string
      screen;  // standard output, with INSTANT for the instant, and without when a budget recovers
  std::string err;
  std::string document;  // the decision as it was written
  json::Value decision;  // null where none was written
  absl::Time instant;

  const json::Value& slo() const { return decision["slos"].array().at(0); }
  // A number of the first SLO's, such as "bad"; NaN where it is unknown.
  double Number(absl::string_view field) const;
  // The kinds of findings in their order, each once; the decisive ones with a '!'.
  std::string Findings() const;
  // What the first finding says, with SOURCE for the source's address, and below it what to do.
  std::string FirstFinding() const;
};

// Works in a folder of its own, which is the process's current one meanwhile: one at a time.
class Gate {
 public:
  Gate();
  ~Gate();
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  void Write(absl::string_view name, absl::string_view content) { folder_.Write(name, content); }

  Ran Run(const std::vector<std::string>& arguments, Http& http);

  // `slogate check` with these arguments and --json. Whatever the outcome, a decision must say what
  // the exit code says, never proceed over a finding that holds, and replay to the same without
  // asking anybody; and what slogate explain shows of it as a query must get the same answer when
  // pasted to the server at `url` (not asked where that is ""). Asked for the same instant with a
  // query for each question, the server must lead to the same decision; and counted from raw samples,
  // where the policy does not speak of it and the server has them, to the same verdict, with the same
  // rules true.
  Checked Check(const std::vector<std::string>& arguments, const std::string& url);
  Checked Check(const std::vector<std::string>& arguments, const std::string& url, Http& http);

  MapEnvironment environment;

 private:
  void ExpectHonest(const Checked& checked);
  void ExpectSameAskedApart(const Checked& checked, const std::vector<std::string>& arguments);
  void ExpectSameBySamples(const Checked& checked, const std::vector<std::string>& arguments);
  // Another run of the same, as of the same instant; null where it wrote no decision.
  json::Value Again(const Checked& checked, const std::vector<std::string>& arguments,
                    Asking asking);
  void ExpectReplayed(const Checked& checked);
  void ExpectPastable(const Checked& checked, const std::string& url);

  TempFolder folder_;
  std::string home_;
  std::unique_ptr<Clock> clock_ = RealClock();
  std::unique_ptr<Files> files_ = RealFiles();
};

}  // namespace slogate::fake
