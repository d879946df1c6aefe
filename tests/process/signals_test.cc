// Signals at every stage of a run at which it can be caught: it ends as signals end programs, and
// leaves nothing behind.
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <string>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "tests/process/process.h"

namespace slogate {
namespace {

class Signals : public Process {
 protected:
  // Ends the program by each signal at the stage that `reach` waits for.
  void EndAtEach(const Strings& arguments, const fake::ChildOptions& options,
                 const std::function<void()>& reach) {
    const Strings before = folder_.Names();
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGKILL}) {
      SCOPED_TRACE(signal);
      const std::unique_ptr<fake::Child> child = Start(arguments, options);
      reach();
      child->Signal(signal);
      EXPECT_EQ(child->Wait(), 128 + signal);
      EXPECT_EQ(child->Out(), "");
      if (signal != SIGKILL) {
        EXPECT_EQ(folder_.Names(), before);
      }
      EXPECT_EQ(folder_.Read("decision.json"), "");
    }
  }

  // The same while the program reads a file of which nothing comes.
  void EndWhileItReads(const Strings& arguments, const std::string& file) {
    ASSERT_EQ(::mkfifo(folder_.Path(file).c_str(), 0600), 0);
    int writer = -1;
    EndAtEach(arguments, Options(), [&] {
      ::close(writer);
      writer = ::open(folder_.Path(file).c_str(), O_WRONLY | O_CLOEXEC);  // once it is read
    });
    ::close(writer);
  }

  // The same while the program writes more to standard output than a pipe takes.
  void EndWhileItWrites(const Strings& arguments) {
    int pipe[2] = {-1, -1};
    const auto renew = [&] {
      ::close(pipe[0]);
      ::close(pipe[1]);
      ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
      ASSERT_EQ(::fcntl(pipe[1], F_SETPIPE_SZ, 4096), 4096);
    };
    renew();
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGKILL}) {
      SCOPED_TRACE(signal);
      fake::ChildOptions options = Options();
      options.descriptors[STDOUT_FILENO] = pipe[1];
      const std::unique_ptr<fake::Child> child = Start(arguments, options);
      char first = 0;
      EXPECT_EQ(::read(pipe[0], &first, 1), 1);
      child->Signal(signal);
      EXPECT_EQ(child->Wait(), 128 + signal);
      EXPECT_EQ(folder_.Names(), (Strings{"policy.yaml"}));
      renew();
    }
    ::close(pipe[0]);
    ::close(pipe[1]);
  }
};

TEST_F(Signals, WhileItReadsThePolicy) {
  EndWhileItReads({"check", "--policy", "pipe", "--json", "decision.json"}, "pipe");
}

TEST_F(Signals, WhileItReadsASecret) {
  Serve("5");
  const std::string policy = folder_.Read("policy.yaml");
  folder_.Write(
      "policy.yaml",
      absl::StrReplaceAll(policy, {{"'}\n", "', auth: {bearer_token: {file: token}}}\n"}}));
  EndWhileItReads(Check(), "token");
}

TEST_F(Signals, WhileItReadsADecision) { EndWhileItReads({"explain", "pipe"}, "pipe"); }

TEST_F(Signals, WhileItAsksForTheTime) {
  Hang();
  EndAtEach(Check(), Options(), [this] { WaitUntilAsked(); });
}

TEST_F(Signals, WhileItMeasures) {
  const fake::PrometheusReplies clock(RealClock()->Now());
  Hang([&](const fake::Request& request) { return request.Form("query") == "time()"; }, clock);
  EndAtEach(Check(), Options(), [this] { WaitUntilAsked(); });
}

TEST_F(Signals, WhileItWritesTheDocument) {
  Serve("5");
  const std::string comment(5000, '#');  // the document holds the policy
  folder_.Write("policy.yaml", absl::StrCat(folder_.Read("policy.yaml"), comment, "\n"));
  EndWhileItWrites({"check", "--policy", "policy.yaml", "--json", "-"});
}

// Told, but not yet in its place: a file that speaks of a release must not appear any more.
TEST_F(Signals, WhileItSaysThatItProceeds) {
  Serve("5");
  std::string path = "decision.json";  // the words end with it
  while (path.size() < 4000) path = absl::StrCat("./", path);
  EndWhileItWrites({"check", "--policy", "policy.yaml", "--json", path});
}

}  // namespace
}  // namespace slogate
