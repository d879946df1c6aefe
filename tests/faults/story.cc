#include "tests/faults/story.h"

#include <fstream>
#include <iterator>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "gate/cli/run.h"

namespace slogate::fake {
namespace {

std::string Fixture(const std::string& name) {
  std::ifstream file(absl::StrCat(SLOGATE_SOURCE_DIR "/tests/scenarios/fixtures/", name),
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

// Nothing that changes from run to run is in what is asked, but how much time is left.
class Story::Remembered : public Http {
 public:
  std::vector<HttpExchange> Perform(absl::Span<const HttpRequest> requests, int concurrency,
                                    absl::Duration time_left,
                                    const std::function<void(size_t ended)>& on_progress) override {
    std::vector<HttpExchange> exchanges;
    for (const HttpRequest& request : requests) {
      std::string key = request.url;
      for (const auto& [name, value] : request.form) {
        if (name != "timeout") absl::StrAppend(&key, "\n", name, "=", value);
      }
      const auto [found, fresh] = known_.try_emplace(key);
      if (fresh) found->second = curl_->Perform({&request, 1}, concurrency, time_left, {})[0];
      exchanges.push_back(found->second);
      if (on_progress) on_progress(exchanges.size());
    }
    return exchanges;
  }

 private:
  std::unique_ptr<Http> curl_ = CurlHttp();
  std::map<std::string, HttpExchange> known_;
};

Story::Story(const std::string& policy, const std::string& lines,
             std::vector<std::string> arguments)
    : server_(absl::StrCat(Fixture("healthy.prometheus"), "\n", lines)),
      answers_(std::make_unique<Remembered>()),
      arguments_(std::move(arguments)) {
  Put("policy.yaml", Fixture(policy));
  Put("checkout.yaml", Fixture("checkout.yaml"));
}

Story& Story::Put(const std::string& path, const std::string& content) {
  files_[path] = absl::StrReplaceAll(content, {{"http://prometheus.test:9090", server_.url()}});
  return *this;
}

Story& Story::Set(const std::string& variable, const std::string& value) {
  environment_[variable] = value;
  return *this;
}

Story& Story::Ask(std::vector<std::string> arguments) {
  arguments_ = std::move(arguments);
  return *this;
}

Story& Story::PutClockAhead(absl::Duration ahead) {
  ahead_ = ahead;
  return *this;
}

Story& Story::Arrange(std::function<void(World&)> arrange) {
  arrange_ = std::move(arrange);
  return *this;
}

Ran Story::Play(size_t failing, Seams seams, const FailingHttp::Spoil& spoil) {
  Turn turn(failing), never(0);
  Turn& other = seams == Seams::kAll ? turn : never;
  MemoryFiles disk(files_);
  FailingClock clock(other, server_.gate_clock() + ahead_);
  FailingEnvironment environment(other, environment_);
  FailingFiles files(other, disk);
  FailingHttp http(turn, *answers_, spoil);
  FailingStream out(other), err(other);
  World world{clock, environment, files, http, out, err};
  arrange_(world);
  Ran ran;
  ran.exit = Run(arguments_, world);
  ran.out = out.text;
  ran.err = err.text;
  ran.files = disk.contents;
  ran.file_log = disk.log;
  ran.calls = turn.calls();
  return ran;
}

}  // namespace slogate::fake
