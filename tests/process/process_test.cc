// The program itself, as a pipeline starts it: what reaches the shell when outputs, limits and
// signals are not as they should be. Exit 0 is only ever a complete decision that proceeds.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/io/clock.h"
#include "gate/text/utf8.h"
#include "tests/testing/child_process.h"
#include "tests/testing/fake_prometheus.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

using Strings = std::vector<std::string>;

constexpr char kTotal[] = "http_requests_total";
constexpr char kBad[] = R"(http_requests_total{code="500"})";

std::string Policy(const std::string& url) {
  return absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: shop}
service: shop
sources:
  main: {url: ')",
                      url, R"('}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
slos:
  - name: availability
    objective: 99%
    window: 7d
    sli: {events: {total: http_requests_total, bad: '{code="500"}'}}
)");
}

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const Utf8Character first = FirstCharacter(text);
    if (!first.valid) return false;
    text.remove_prefix(first.bytes);
  }
  return true;
}

// A pseudo-terminal: the child gets one end, the test reads the other.
class Terminal {
 public:
  Terminal() : reader_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    ::grantpt(reader_);
    ::unlockpt(reader_);
    char name[100] = "";
    ::ptsname_r(reader_, name, sizeof name);
    writer_ = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  }
  ~Terminal() {
    ::close(reader_);
    ::close(writer_);
  }
  int writer() const { return writer_; }

  // What came so far; waits until it holds `wanted`, but not for ever.
  std::string ReadUntil(const std::string& wanted) {
    std::string text;
    while (!absl::StrContains(text, wanted)) {
      pollfd ready{reader_, POLLIN, 0};
      char buffer[4096];
      if (::poll(&ready, 1, 60'000) != 1) break;
      const ssize_t count = ::read(reader_, buffer, sizeof buffer);
      if (count <= 0) break;
      text.append(buffer, static_cast<size_t>(count));
    }
    return text;
  }

 private:
  int reader_, writer_;
};

// A policy, and a server for it that says how many of 10,000 events were bad; 100 are allowed.
class Process : public testing::Test {
 protected:
  void Serve(const std::string& bad) {
    auto replies = std::make_shared<fake::PrometheusReplies>(RealClock()->Now());
    for (const auto& [selector, events] : {std::pair(kTotal, "10000"), {kBad, bad.c_str()}})
      replies->Value(absl::StrCat("sum(increase(", selector, "[7d]))"), events);
    replies->Value(absl::StrCat("time() - max(timestamp(", kTotal, "))"), "12");
    replies->Value(absl::StrCat("group(last_over_time(", kTotal, "[1h24m] offset 6d22h36m))"), "1");
    Answer([replies](const fake::Request& request) { return (*replies)(request); });
  }
  void Answer(std::function<fake::Reply(const fake::Request&)> answer) {
    server_ = std::make_unique<fake::Server>(std::move(answer));
    folder_.Write("policy.yaml", Policy(server_->url()));
  }
  // A server that hears and stays silent.
  void Hang() {
    Answer([this](const fake::Request&) {
      const std::lock_guard<std::mutex> lock(mutex_);
      asked_ = true;
      heard_.notify_all();
      return fake::Hang();
    });
  }
  void WaitUntilAsked() {
    std::unique_lock<std::mutex> lock(mutex_);
    heard_.wait(lock, [this] { return asked_; });
    asked_ = false;
  }

  fake::ChildOptions Options() const { return {folder_.path(), {}, {}, {}}; }
  static Strings Check(const Strings& more = {}) {
    Strings arguments = {"check", "--policy", "policy.yaml", "--json", "decision.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  static std::unique_ptr<fake::Child> Start(const Strings& arguments,
                                            const fake::ChildOptions& options) {
    return std::make_unique<fake::Child>(SLOGATE_BINARY, arguments, options);
  }
  int Run(const Strings& arguments, const fake::ChildOptions& options) {
    const std::unique_ptr<fake::Child> child = Start(arguments, options);
    const int code = child->Wait();
    out_ = child->Out();
    err_ = child->Err();
    return code;
  }
  int Run(const Strings& arguments) { return Run(arguments, Options()); }

  fake::TempFolder folder_;
  std::string out_, err_;

 private:
  std::mutex mutex_;
  std::condition_variable heard_;
  bool asked_ = false;
  std::unique_ptr<fake::Server> server_;  // last, so that its thread ends before what it uses
};

TEST_F(Process, ExitCodesReachTheShell) {
  Serve("5");
  EXPECT_EQ(Run(Check()), 0);
  EXPECT_TRUE(absl::StartsWith(out_, "ALLOW  shop")) << out_;
  EXPECT_EQ(err_, "");
  EXPECT_EQ(folder_.Names(), (Strings{"decision.json", "policy.yaml"}));
  EXPECT_EQ(Run({"replay", "decision.json"}), 0);
  EXPECT_EQ(Run({"check"}), 2);
  EXPECT_EQ(out_, "");

  Serve("250");
  EXPECT_EQ(Run(Check()), 1);
  EXPECT_TRUE(absl::StartsWith(out_, "DENY   shop")) << out_;
  EXPECT_EQ(Run(Check({"--dry-run"})), 0);
  EXPECT_EQ(Run(Check({"--dry-run", "--detailed-exit-code"})), 11);

  Serve("NaN");
  EXPECT_EQ(Run(Check()), 3);
  EXPECT_TRUE(absl::StartsWith(out_, "HOLD   shop")) << out_;
}

// No output, no decision: nobody was told, so nothing proceeds and no file says that it did.
TEST_F(Process, LostStandardOutputIsAnInternalError) {
  Serve("5");
  int pipe[2] = {-1, -1};
  ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
  ::close(pipe[0]);
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  const struct {
    const char* name;
    int descriptor;
  } cases[] = {{"closed", -1}, {"full", full}, {"nobody reads", pipe[1]}};
  for (const auto& lost : cases) {
    SCOPED_TRACE(lost.name);
    for (const Strings& arguments :
         {Check(), Check({"--dry-run"}), Strings{"check", "--policy", "policy.yaml"},
          Strings{"check", "--policy", "policy.yaml", "--json", "-"}}) {
      ::unlink(folder_.Path("decision.json").c_str());
      fake::ChildOptions options = Options();
      options.descriptors[STDOUT_FILENO] = lost.descriptor;
      EXPECT_EQ(Run(arguments, options), 5);
      EXPECT_TRUE(absl::StrContains(err_, "cannot write to standard output")) << err_;
      EXPECT_EQ(folder_.Names(), (Strings{"policy.yaml"}));
    }
  }
  ::close(pipe[1]);
  ::close(full);
}

// A closed descriptor's number goes to the next file that is opened: words must not land there.
TEST_F(Process, ClosedDescriptorsDoNotSpoilTheDocument) {
  Serve("5");
  fake::ChildOptions options = Options();
  options.descriptors = {{STDIN_FILENO, -1}, {STDERR_FILENO, -1}};
  EXPECT_EQ(Run(Check(), options), 0);
  EXPECT_TRUE(absl::StartsWith(out_, "ALLOW  shop")) << out_;
  EXPECT_EQ(Run({"replay", "decision.json"}), 0);

  EXPECT_EQ(Run({"chekc"}, options), 2);
  EXPECT_EQ(out_, "");
}

TEST_F(Process, KilledWhileItWaits) {
  Hang();
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGKILL}) {
    SCOPED_TRACE(signal);
    const std::unique_ptr<fake::Child> child = Start(Check(), Options());
    WaitUntilAsked();
    child->Signal(signal);
    EXPECT_EQ(child->Wait(), 128 + signal);
    EXPECT_EQ(child->Out(), "");
    EXPECT_EQ(folder_.Read("decision.json"), "");
    if (signal != SIGKILL) {
      EXPECT_EQ(folder_.Names(), (Strings{"policy.yaml"}));
    }
  }
}

TEST_F(Process, TheDocumentDoesNotFitOnTheDisk) {
  Serve("5");
  fake::ChildOptions options = Options();
  options.limits[RLIMIT_FSIZE] = 300;
  EXPECT_NE(Run(Check(), options), 0);
  EXPECT_EQ(folder_.Names(), (Strings{"policy.yaml"}));
  EXPECT_EQ(out_, "");
}

#ifndef SLOGATE_SANITIZED  // AddressSanitizer reserves terabytes
// Whatever the memory runs out of, and when: just below the least that is enough, there is most to
// run out of.
TEST_F(Process, OutOfMemoryNeverProceeds) {
  Serve("5");
  const auto proceeds = [this](rlim_t pages) {
    ::unlink(folder_.Path("decision.json").c_str());
    fake::ChildOptions options = Options();
    options.limits[RLIMIT_AS] = pages << 16;
    if (Run(Check(), options) != 0) {
      EXPECT_EQ(folder_.Read("decision.json"), "");
      return false;
    }
    EXPECT_TRUE(absl::StartsWith(out_, "ALLOW  shop")) << out_;
    EXPECT_EQ(Run({"replay", "decision.json"}), 0);
    return true;
  };
  rlim_t too_few = 1 << 4, enough = 1 << 12;  // 1 MiB, 256 MiB
  ASSERT_FALSE(proceeds(too_few));
  ASSERT_TRUE(proceeds(enough));
  while (enough - too_few > 1) {
    const rlim_t middle = (enough + too_few) / 2;
    (proceeds(middle) ? enough : too_few) = middle;
  }
  for (rlim_t pages = too_few - 24; pages < too_few; ++pages) {
    SCOPED_TRACE(pages);
    proceeds(pages);
  }
}
#endif

TEST_F(Process, TheEnvironmentChangesNothing) {
  Serve("250");
  ASSERT_EQ(Run(Check()), 1);
  const std::string out = out_, decision = folder_.Read("decision.json");
  const fake::RefusingPort proxy;
  folder_.Write("netrc", "machine 127.0.0.1 login somebody password else\n");
  fake::ChildOptions options = Options();
  for (const char* name : {"http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"})
    options.environment[name] = proxy.url();
  options.environment["NETRC"] = folder_.Path("netrc");
  options.environment["HOME"] = folder_.path();
  options.environment["TZ"] = "Asia/Kathmandu";
  options.environment["LC_ALL"] = "de_DE.UTF-8";
  options.environment["SLOGATE_POLICY"] = "other.yaml";
  options.environment["SLOGATE_DRY_RUN"] = "1";
  EXPECT_EQ(Run(Check(), options), 1);
  EXPECT_EQ(err_, "");
  EXPECT_EQ(out_.substr(0, out_.find("Measured")), out.substr(0, out.find("Measured")));
}

TEST_F(Process, ValuesThatBeginWithADash) {
  Serve("5");
  EXPECT_EQ(Run(Check({"--version=-rc1"})), 0);
  EXPECT_TRUE(absl::StrContains(out_, "  -rc1  ")) << out_;
  EXPECT_EQ(Run(Check({"--version", "-rc1"})), 2);
  EXPECT_TRUE(absl::StrContains(err_, "--version needs a value")) << err_;

  folder_.Write("--policy", folder_.Read("policy.yaml"));
  EXPECT_EQ(Run({"lint", "--", "--policy"}), 0);
  EXPECT_TRUE(absl::StartsWith(out_, "--policy: ReleasePolicy \"shop\"")) << out_;
  EXPECT_EQ(Run({"lint", "--policy"}), 2);
  EXPECT_EQ(Run(Check({"--", "--dry-run"})), 2);
  EXPECT_TRUE(absl::StrContains(err_, "unexpected argument '--dry-run'")) << err_;
}

TEST_F(Process, ArgumentsThatAreNoText) {
  Serve("5");
  for (const std::string& bad : {std::string("\xff\xfe"), std::string("a\x1b[31mb"),
                                 std::string("line\nbreak"), std::string("\xe2\x80\xae")}) {
    for (const char* option : {"--version=", "--environment=", "--change=", "--slos=", "--x"}) {
      SCOPED_TRACE(absl::StrCat(option, bad));
      EXPECT_EQ(Run(Check({absl::StrCat(option, bad)})), 2);
      EXPECT_EQ(out_, "");
      EXPECT_TRUE(IsUtf8(err_)) << err_;
      EXPECT_FALSE(absl::StrContains(err_, "\x1b")) << err_;
      EXPECT_FALSE(absl::StrContains(err_, "\xe2\x80\xae")) << err_;
    }
    EXPECT_EQ(Run({bad}), 2);
    EXPECT_TRUE(IsUtf8(err_)) << err_;
    EXPECT_FALSE(absl::StrContains(err_, "\x1b")) << err_;
  }
}

TEST_F(Process, ColourOnlyOnATerminal) {
  Serve("5");
  Terminal terminal;
  fake::ChildOptions options = Options();
  options.environment["TERM"] = "xterm";
  ASSERT_EQ(Run(Check(), options), 0);
  EXPECT_FALSE(absl::StrContains(out_, "\x1b"));

  options.descriptors[STDOUT_FILENO] = terminal.writer();
  ASSERT_EQ(Run(Check(), options), 0);
  EXPECT_TRUE(absl::StartsWith(terminal.ReadUntil("explain"), "\x1b[1;32mALLOW\x1b[0m  shop"));

  options.environment["NO_COLOR"] = "1";
  Terminal plain;
  options.descriptors[STDOUT_FILENO] = plain.writer();
  ASSERT_EQ(Run(Check(), options), 0);
  EXPECT_TRUE(absl::StartsWith(plain.ReadUntil("explain"), "ALLOW  shop"));
}

TEST_F(Process, ProgressOnATerminalOnly) {
  Hang();
  Terminal terminal;
  fake::ChildOptions options = Options();
  options.descriptors[STDERR_FILENO] = terminal.writer();
  const std::unique_ptr<fake::Child> child = Start(Check(), options);
  const std::string text = terminal.ReadUntil("measuring: ");
  EXPECT_TRUE(absl::StartsWith(text, "\r\x1b[Kmeasuring: 0 of 1 answers")) << text;
  child->Signal(SIGTERM);
  EXPECT_NE(child->Wait(), 0);
}

}  // namespace
}  // namespace slogate
