// Fakes of the seams in gate/io: plain, in memory, told by the test what to be. Not for several
// threads.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/io/clock.h"
#include "gate/io/environment.h"
#include "gate/io/files.h"
#include "gate/io/http.h"

namespace slogate::fake {

// Stands still until told otherwise; both clocks are set apart, as a wall clock may step.
class FixedClock : public Clock {
 public:
  explicit FixedClock(absl::Time wall) : now(wall) {}
  absl::Time Now() override { return now; }
  absl::Duration Monotonic() override { return monotonic; }

  absl::Time now;
  absl::Duration monotonic = absl::ZeroDuration();
};

class MapEnvironment : public Environment {
 public:
  explicit MapEnvironment(std::map<std::string, std::string> set = {})
      : variables(std::move(set)) {}
  std::optional<std::string> Get(const std::string& name) override;

  std::map<std::string, std::string> variables;
  std::vector<std::string> asked;  // every name, in order
};

// Files by path; no folders. Each map of errors is by path too, and makes that step fail there.
class MemoryFiles : public Files {
 public:
  explicit MemoryFiles(std::map<std::string, std::string> files = {})
      : contents(std::move(files)) {}
  absl::StatusOr<std::string> Read(const std::string& path, size_t most_bytes) override;
  absl::StatusOr<std::string> ReadPrivate(const std::string& path, size_t most_bytes) override {
    return Read(path, most_bytes);
  }
  absl::Status ReadLines(const std::string& path, size_t most_bytes,
                         const std::function<absl::Status(absl::string_view line)>& each) override;
  // The new file must not outlive this.
  absl::StatusOr<std::unique_ptr<NewFile>> Create(const std::string& path) override;

  // The same, but that what is in `contents` is AlreadyExists, now or when it is put in its place.
  absl::StatusOr<std::unique_ptr<NewFile>> CreateFirst(const std::string& path) override;

  // What is not in `contents` is not there to be opened.
  absl::StatusOr<std::unique_ptr<OpenFile>> Open(const std::string& path) override;

  std::map<std::string, std::string> contents;
  std::map<std::string, absl::Status> read_errors, create_errors, write_errors, commit_errors;
  std::vector<std::string>
      log;  // "read a", "create a", "write a", "commit a", "drop a", "open a", "append a"; also what
            // failed. Appending fails by write_errors.
};

// Answers by a function, or by a list in order; keeps everything it was asked. What a request's sink
// is for goes there.
class ScriptedHttp : public Http {
 public:
  using Answer = std::function<HttpExchange(const HttpRequest&)>;
  explicit ScriptedHttp(Answer answer) : answer_(std::move(answer)) {}
  // What is asked beyond the end of the list fails with "nothing was scripted".
  explicit ScriptedHttp(std::vector<HttpExchange> answers);

  // Reports progress once per request. Where `time_left` is zero, every request times out, as on
  // the wire.
  std::vector<HttpExchange> Perform(absl::Span<const HttpRequest> requests, int concurrency,
                                    absl::Duration time_left,
                                    const std::function<void(size_t ended)>& on_progress) override;

  struct Batch {
    std::vector<HttpRequest> requests;
    int concurrency = 0;
    absl::Duration time_left;
  };
  std::vector<Batch> batches;

 private:
  Answer answer_;
};

// For CurlHttp: sends again at once, so that tests do not wait.
absl::Duration NoPause(absl::Duration most);

// A complete answer.
HttpExchange Answered(int status, absl::string_view content_type, absl::string_view body);

// No complete answer.
HttpExchange NotAnswered(HttpEnd end, absl::string_view failure);

// What the form of `request` says of `key`; "" where nothing.
std::string FormValue(const HttpRequest& request, absl::string_view key);

}  // namespace slogate::fake
