// TLS: whom the gate does not trust it tells nothing.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/io/http.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

// The openssl program, killed at the latest when this goes.
class OpenSsl {
 public:
  explicit OpenSsl(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "openssl");
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) abort();
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(null, STDIN_FILENO);
      dup2(null, STDERR_FILENO);
      dup2(ends[1], STDOUT_FILENO);
      execvp(argv[0], argv.data());
      _exit(127);
    }
    close(null);
    close(ends[1]);
    output_ = ends[0];
  }
  ~OpenSsl() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    Wait();
    close(output_);
  }

  // Reads its output up to the end of a line that starts with `start`, and gives the rest of that
  // line.
  std::string LineAfter(absl::string_view start) {
    std::string line;
    char c = 0;
    while (read(output_, &c, 1) == 1) {
      if (c != '\n') {
        line += c;
      } else if (absl::StartsWith(line, start)) {
        return line.substr(start.size());
      } else {
        line.clear();
      }
    }
    return "";
  }

  // Its exit code, once it ends by itself.
  int Wait() {
    int status = 0;
    if (pid_ > 0 && waitpid(pid_, &status, 0) != pid_) return -1;
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = 0;
  int output_ = -1;
};

HttpExchange Perform(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.password = "hunter2";
  return CurlHttp()->Perform({request}, 1, absl::Seconds(30), nullptr).at(0);
}

TEST(CurlTls, ACertificateNobodyVouchesForIsRefused) {
  const fake::TempFolder folder;
  const std::string key = folder.Path("key.pem"), certificate = folder.Path("certificate.pem");
  ASSERT_EQ(OpenSsl({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                     "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
                     "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate})
                .Wait(),
            0)
      << "needs the program openssl (Debian package openssl)";
  OpenSsl server({"s_server", "-accept", "127.0.0.1:0", "-key", key, "-cert", certificate, "-www"});
  const std::string address = server.LineAfter("ACCEPT ");
  ASSERT_NE(address, "");

  const HttpExchange exchange = Perform("https://" + address);
  EXPECT_EQ(exchange.end, HttpEnd::kFailed);
  EXPECT_EQ(exchange.failure,
            "the certificate is not trusted (SSL certificate problem: self-signed certificate)");
  EXPECT_EQ(exchange.status, 0);
  EXPECT_EQ(exchange.body, "");
}

TEST(CurlTls, AServerWithoutTls) {
  const fake::Server server([](const fake::Request&) { return fake::Json("{}"); });
  const HttpExchange exchange = Perform(absl::StrCat("https://127.0.0.1:", server.port()));
  EXPECT_EQ(exchange.end, HttpEnd::kFailed);
  EXPECT_TRUE(absl::StartsWith(exchange.failure, "no TLS connection could be made ("))
      << exchange.failure;
  EXPECT_EQ(server.requests().size(), 0U) << "nothing goes out in the clear";
}

// The keys of a connection open all that went over it; libcurl writes them where this variable
// says, and opens the file when it starts. In a process of its own, as libcurl starts once in each.
TEST(CurlTlsDeathTest, KeysAreNotWrittenWhereTheEnvironmentSays) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const fake::TempFolder folder;
  const std::string keys = folder.Path("keys");
  const auto start = [&] {
    setenv("SSLKEYLOGFILE", keys.c_str(), 1);
    CurlHttp();
    const int code = access(keys.c_str(), F_OK) == 0 ? 1 : 0;
    std::filesystem::remove_all(folder.path());  // that process has a folder of its own
    _exit(code);
  };
  EXPECT_EXIT(start(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace slogate
