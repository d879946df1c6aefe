// A world in memory of which one call fails: every call of every seam has its turn, and the one
// whose turn is told misbehaves as the outside may.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gate/cli/world.h"
#include "tests/testing/fakes.h"

namespace slogate::fake {

// Counts calls, and tells the failing one.
class Turn {
 public:
  explicit Turn(size_t failing) : failing_(failing) {}  // 1 is the first; 0 lets none fail
  bool Fails() { return ++calls_ == failing_; }
  bool FailsFromThenOn() { return ++calls_ >= failing_ && failing_ > 0; }
  size_t calls() const { return calls_; }

 private:
  size_t failing_, calls_ = 0;
};

// Either clock jumps ahead, and stays there.
class FailingClock : public Clock {
 public:
  FailingClock(Turn& turn, absl::Time now) : turn_(turn), clock_(now) {}
  absl::Time Now() override;
  absl::Duration Monotonic() override;

 private:
  Turn& turn_;
  FixedClock clock_;
};

// What is set is not there, and what is not set is.
class FailingEnvironment : public Environment {
 public:
  FailingEnvironment(Turn& turn, std::map<std::string, std::string> set)
      : turn_(turn), environment_(std::move(set)) {}
  std::optional<std::string> Get(const std::string& name) override;

 private:
  Turn& turn_;
  MapEnvironment environment_;
};

// Reading, creating, opening, writing and putting in place fail; of what was written half is there.
class FailingFiles : public Files {
 public:
  FailingFiles(Turn& turn, MemoryFiles& files) : turn_(turn), files_(files) {}
  absl::StatusOr<std::string> Read(const std::string& path, size_t most_bytes) override;
  absl::StatusOr<std::string> ReadPrivate(const std::string& path, size_t most_bytes) override {
    return Read(path, most_bytes);
  }
  absl::Status ReadLines(const std::string& path, size_t most_bytes,
                         const std::function<absl::Status(absl::string_view line)>& each) override;
  absl::StatusOr<std::unique_ptr<NewFile>> Create(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<NewFile>> CreateFirst(const std::string& path) override;
  absl::StatusOr<std::unique_ptr<OpenFile>> Open(const std::string& path) override;

 private:
  Turn& turn_;
  MemoryFiles& files_;
};

// Writing fails after half of the text; a terminal is none, and the other way round.
class FailingStream : public Stream {
 public:
  explicit FailingStream(Turn& turn) : turn_(turn) {}
  absl::Status Write(absl::string_view said) override;
  bool IsTerminal() override { return turn_.Fails(); }

  std::string text;

 private:
  Turn& turn_;
};

// Spoils one exchange; each request is a call.
class FailingHttp : public Http {
 public:
  using Spoil = std::function<void(const HttpRequest&, HttpExchange&)>;
  FailingHttp(Turn& turn, Http& http, Spoil spoil)
      : turn_(turn), http_(http), spoil_(std::move(spoil)) {}
  std::vector<HttpExchange> Perform(absl::Span<const HttpRequest> requests, int concurrency,
                                    absl::Duration time_left,
                                    const std::function<void(size_t ended)>& on_progress) override;

 private:
  Turn& turn_;
  Http& http_;
  Spoil spoil_;
};

}  // namespace slogate::fake
