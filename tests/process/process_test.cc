// The program itself, as a pipeline starts it: what reaches the shell when outputs, limits and
// signals are not as they should be. Exit 0 is only ever a complete decision that proceeds.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gtest/gtest.h>

#include "gate/text/utf8.h"
#include "tests/process/process.h"
#include "tests/testing/child_process.h"
#include "tests/testing/fake_server.h"

namespace slogate {
namespace {

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

// The library of time zones obeys TZDIR, and whoever sets a pipeline's variables would say when months begin.
TEST_F(Process, TimeZonesAreTheMachines) {
  const auto monthly = [](const std::string& zone) {
    return absl::StrReplaceAll(
        Policy("http://127.0.0.1:1"),
        {{"window: 7d", absl::StrCat("window: {calendar: month, time_zone: ", zone, "}")},
         {"rules:\n",
          "rules:\n  - {id: fast, when: {burn_rate: {above: 1, over: 1h}}, verdict: hold}\n"}});
  };
  folder_.Write("known.yaml", monthly("Europe/Berlin"));
  folder_.Write("unknown.yaml", monthly("Atlantis"));
  // By that variable Atlantis would be known, and Berlin would not.
  std::ifstream zone("/usr/share/zoneinfo/UTC", std::ios::binary);
  std::ostringstream bytes;
  bytes << zone.rdbuf();
  ASSERT_FALSE(bytes.str().empty());
  folder_.Write("Atlantis", bytes.str());
  fake::ChildOptions options = Options();
  options.environment["TZDIR"] = folder_.path();
  EXPECT_EQ(Run({"lint", "known.yaml"}, options), 0) << err_;
  EXPECT_EQ(Run({"lint", "unknown.yaml"}, options), 2);
  EXPECT_TRUE(absl::StrContains(err_, "this machine knows no time zone 'Atlantis'")) << err_;
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

TEST_F(Process, Row04_OverlongArguments) {
  Serve("5");
  const std::string most(120'000, 'x');  // the system takes 128 KiB
  for (const char* option : {"--version=", "--change=", "--environment=", "--ticket=", "--slos=",
                             "--json=", "--artifact=", "--at=", "--deadline="}) {
    SCOPED_TRACE(option);
    EXPECT_EQ(Run(Check({absl::StrCat(option, most)})), 2);
    EXPECT_EQ(out_, "");
    EXPECT_EQ(folder_.Names(), (Strings{"policy.yaml"}));
  }
  EXPECT_EQ(Run({most}), 2);
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
