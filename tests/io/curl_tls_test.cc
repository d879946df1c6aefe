// TLS: whom the gate does not trust it tells nothing.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/time.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "gate/io/files.h"
#include "gate/io/http.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/fakes.h"
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
    int ends[2], input[2];
    if (pipe2(ends, O_CLOEXEC) != 0 || pipe2(input, O_CLOEXEC) != 0) abort();
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    pid_ = fork();
    if (pid_ == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      dup2(input[0], STDIN_FILENO);
      dup2(null, STDERR_FILENO);
      dup2(ends[1], STDOUT_FILENO);
      execvp(argv[0], argv.data());
      _exit(127);
    }
    close(null);
    close(ends[1]);
    close(input[0]);
    output_ = ends[0];
    input_ = input[1];
  }
  ~OpenSsl() {
    if (pid_ > 0) kill(pid_, SIGKILL);
    Wait();
    close(output_);
    close(input_);
  }

  // What s_server sends to whoever connects, once the handshake is done.
  void Say(absl::string_view text) const {
    if (write(input_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) abort();
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
  int output_ = -1, input_ = -1;
};

void MustRun(std::vector<std::string> arguments) {
  ASSERT_EQ(OpenSsl(std::move(arguments)).Wait(), 0)
      << "needs the program openssl (Debian package openssl)";
}

constexpr char kAnswer[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok";

// An authority, and certificates that it signed.
class Authority {
 public:
  Authority() {
    MustRun({"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-days", "2", "-subj", "/CN=authority", "-keyout", Key("ca"), "-out",
             Certificate("ca")});
  }

  void Sign(const std::string& name, const std::string& address, const std::string& days) const {
    const std::string request = folder_.Path(name + ".csr");
    MustRun({"req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
             "-subj", "/CN=" + name, "-addext", "subjectAltName=IP:" + address, "-keyout",
             Key(name), "-out", request});
    MustRun({"x509", "-req", "-in", request, "-CA", Certificate("ca"), "-CAkey", Key("ca"), "-days",
             days, "-copy_extensions", "copy", "-out", Certificate(name)});
  }

  std::string Certificate(const std::string& name) const { return folder_.Path(name + ".pem"); }
  std::string Key(const std::string& name) const { return folder_.Path(name + ".key"); }
  std::string Read(const std::string& path) const {
    return RealFiles()->Read(path, limits::kCertificateBytes).value();
  }

 private:
  fake::TempFolder folder_;
};

// s_server with the certificate `name`, and its URL.
struct TlsServer {
  TlsServer(const Authority& authority, const std::string& name,
            const std::vector<std::string>& more = {})
      : program(Arguments(authority, name, more)), url("https://" + program.LineAfter("ACCEPT ")) {
    program.Say(kAnswer);
  }

  static std::vector<std::string> Arguments(const Authority& authority, const std::string& name,
                                            const std::vector<std::string>& more) {
    std::vector<std::string> all = {"s_server",
                                    "-accept",
                                    "127.0.0.1:0",
                                    "-key",
                                    authority.Key(name),
                                    "-cert",
                                    authority.Certificate(name)};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  OpenSsl program;
  std::string url;
};

HttpExchange Ask(const std::string& url, HttpTls tls) {
  HttpRequest request;
  request.url = url;
  request.password = "hunter2";
  request.tls = std::make_shared<const HttpTls>(std::move(tls));
  return CurlHttp(fake::NoPause)->Perform({request}, 1, absl::Seconds(30), nullptr).at(0);
}

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

TEST(CurlTls, AnOwnAuthorityIsTrusted) {
  const Authority authority;
  authority.Sign("server", "127.0.0.1", "2");
  const TlsServer server(authority, "server");
  const HttpExchange exchange =
      Ask(server.url, {authority.Read(authority.Certificate("ca")), "", ""});
  EXPECT_EQ(exchange.end, HttpEnd::kAnswered) << exchange.failure;
  EXPECT_EQ(exchange.body, "ok");
}

TEST(CurlTls, WhomAnOwnAuthorityDoesNotVouchFor) {
  const Authority authority, other;
  authority.Sign("server", "127.0.0.1", "2");
  authority.Sign("expired", "127.0.0.1", "-1");
  authority.Sign("elsewhere", "127.0.0.2", "2");
  const std::string ca = authority.Read(authority.Certificate("ca")),
                    foreign = other.Read(other.Certificate("ca"));
  struct Case {
    const char* name;
    const char* server;
    std::string trusted;
    const char* failure;
  };
  const char kIssuer[] =
      "the certificate is not trusted (SSL certificate problem: unable to get local issuer "
      "certificate)";
  const Case cases[] = {
      {"signed by another", "server", foreign, kIssuer},
      {"by the machine's authorities, who do not know it", "server", "", kIssuer},
      {"expired", "expired", ca,
       "the certificate is not trusted (SSL certificate problem: certificate has expired)"},
      {"of another host", "elsewhere", ca,
       "the certificate is not trusted (SSL: no alternative certificate subject name matches "
       "target host name '127.0.0.1')"},
      {"trusting no certificate", "server", "-----BEGIN CERTIFICATE-----\n",
       "the policy's ca_file holds no certificate that can be read"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const TlsServer server(authority, c.server);
    const HttpExchange exchange = Ask(server.url, {c.trusted, "", ""});
    EXPECT_EQ(exchange.end, HttpEnd::kFailed);
    EXPECT_EQ(exchange.failure, c.failure);
    EXPECT_FALSE(exchange.may_pass);
    EXPECT_EQ(exchange.body, "");
  }
}

TEST(CurlTls, AClientCertificateIsShownWhereItIsAskedFor) {
  const Authority authority, other;
  authority.Sign("server", "127.0.0.1", "2");
  authority.Sign("gate", "127.0.0.1", "2");
  other.Sign("stranger", "127.0.0.1", "2");
  const std::string ca = authority.Read(authority.Certificate("ca"));
  const std::vector<std::string> demanding = {"-Verify", "1", "-verify_return_error", "-CAfile",
                                              authority.Certificate("ca")};
  {
    const TlsServer server(authority, "server", demanding);
    const HttpExchange known = Ask(server.url, {ca, authority.Read(authority.Certificate("gate")),
                                                authority.Read(authority.Key("gate"))});
    EXPECT_EQ(known.end, HttpEnd::kAnswered) << known.failure;
    EXPECT_EQ(known.body, "ok");
  }
  const TlsServer server(authority, "server", demanding);
  const HttpExchange nobody = Ask(server.url, {ca, "", ""});
  EXPECT_EQ(nobody.end, HttpEnd::kFailed);
  EXPECT_TRUE(absl::StrContains(nobody.failure, "certificate required")) << nobody.failure;
  const HttpExchange stranger = Ask(server.url, {ca, other.Read(other.Certificate("stranger")),
                                                 other.Read(other.Key("stranger"))});
  EXPECT_EQ(stranger.end, HttpEnd::kFailed);
  EXPECT_NE(stranger.failure, "");
  const HttpExchange mixed = Ask(server.url, {ca, authority.Read(authority.Certificate("gate")),
                                              other.Read(other.Key("stranger"))});
  EXPECT_EQ(mixed.end, HttpEnd::kFailed);
  EXPECT_TRUE(absl::StartsWith(mixed.failure, "our client certificate or its key cannot be used ("))
      << mixed.failure;
}

TEST(CurlTls, VersionsBefore12AreNotSpoken) {
  const Authority authority;
  authority.Sign("server", "127.0.0.1", "2");
  const std::string ca = authority.Read(authority.Certificate("ca"));
  for (const char* version : {"-tls1", "-tls1_1", "-tls1_2", "-tls1_3"}) {
    SCOPED_TRACE(version);
    const TlsServer server(authority, "server", {version, "-cipher", "ALL:@SECLEVEL=0"});
    const HttpExchange exchange = Ask(server.url, {ca, "", ""});
    const bool spoken =
        absl::StrContains(version, "tls1_2") || absl::StrContains(version, "tls1_3");
    EXPECT_EQ(exchange.end, spoken ? HttpEnd::kAnswered : HttpEnd::kFailed) << exchange.failure;
    if (!spoken) {
      EXPECT_TRUE(absl::StrContains(exchange.failure, "protocol version")) << exchange.failure;
    }
  }
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
