// The static program (preset release) where nothing is installed: alone in a folder that it takes
// for the root. The variable SLOGATE_PROGRAM names it. Needs root, or a system that lets users have
// namespaces, and the programs openssl, chroot and unshare.
#include <httplib.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "tests/testing/child_process.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

using Strings = std::vector<std::string>;

std::string Program() {
  const char* path = getenv("SLOGATE_PROGRAM");
  EXPECT_NE(path, nullptr) << "set SLOGATE_PROGRAM to the program that is to be tested";
  return path == nullptr ? "" : path;
}

int RunProgram(const std::string& program, const Strings& arguments, std::string* out) {
  fake::Child child(program, arguments, {});
  const int code = child.Wait();
  *out = child.Out() + child.Err();
  return code;
}

// A server with a certificate of its own authority, which knows of no series.
class HttpsServer {
 public:
  HttpsServer() {
    std::string said;
    const int made =
        RunProgram("/usr/bin/openssl",
                   {"req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                    "-nodes", "-days", "2", "-subj", "/CN=prometheus.example", "-addext",
                    "subjectAltName=DNS:prometheus.example,IP:127.0.0.1", "-keyout",
                    folder_.Path("key"), "-out", folder_.Path("certificate")},
                   &said);
    if (made != 0) {
      ADD_FAILURE() << said;
      return;
    }
    server_ = std::make_unique<httplib::SSLServer>(folder_.Path("certificate").c_str(),
                                                   folder_.Path("key").c_str());
    server_->Post("/api/v1/query", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"status":"success","data":{"resultType":"vector","result":[]}})",
                           "application/json");
    });
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
  }
  ~HttpsServer() {
    if (server_) server_->stop();
    if (thread_.joinable()) thread_.join();
  }

  std::string Url(const std::string& host) const {
    return absl::StrCat("https://", host, ":", port_);
  }
  std::string Certificate() const { return folder_.Read("certificate"); }

 private:
  fake::TempFolder folder_;
  std::unique_ptr<httplib::SSLServer> server_;
  int port_ = 0;
  std::thread thread_;
};

class StaticProgram : public testing::Test {
 protected:
  StaticProgram() { std::filesystem::copy_file(Program(), root_.Path("slogate")); }

  void WritePolicy(const std::string& url, const std::string& tls) {
    root_.Write("policy.yaml", absl::StrCat(R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: shop}
service: shop
sources:
  main: {url: ')",
                                            url, "'", tls, R"(}
rules:
  - {id: spent, when: {budget_remaining: {at_most: 0%}}, verdict: deny}
slos:
  - name: availability
    objective: 99%
    window: 7d
    sli: {events: {total: http_requests_total, bad: '{code="500"}'}}
)"));
  }

  // Runs it with its folder as the root of all it can see.
  int InEmptyRoot(const Strings& arguments) {
    Strings words = {root_.path(), "/slogate"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    if (geteuid() == 0) return RunProgram("/usr/sbin/chroot", words, &said_);
    words.insert(words.begin(), {"-r", "/usr/sbin/chroot"});
    return RunProgram("/usr/bin/unshare", words, &said_);
  }

  // What a dry run said, its document included; its answers say what was fetched.
  std::string Check() {
    EXPECT_EQ(InEmptyRoot({"check", "--policy", "policy.yaml", "--dry-run", "--json", "-"}), 0);
    return said_;
  }
  void ExpectFetched(const std::string& said) {
    EXPECT_TRUE(absl::StrContains(said, R"("status":200)")) << said;
    EXPECT_FALSE(absl::StrContains(said, R"("status":0)")) << said;
  }
  void ExpectNothingFetched(const std::string& said) {
    EXPECT_FALSE(absl::StrContains(said, R"("status":200)")) << said;
    EXPECT_TRUE(absl::StrContains(said, R"("status":0)")) << said;
  }

  fake::TempFolder root_;
  std::string said_;
};

TEST_F(StaticProgram, IsSmall) { EXPECT_LE(root_.Read("slogate").size(), size_t{12} << 20); }

TEST_F(StaticProgram, StartsInAnEmptyRoot) {
  EXPECT_EQ(InEmptyRoot({"version"}), 0);
  EXPECT_TRUE(absl::StartsWith(said_, "slogate ")) << said_;

  WritePolicy("http://127.0.0.1:9090", "");
  EXPECT_EQ(InEmptyRoot({"lint", "policy.yaml"}), 0);
  EXPECT_EQ(said_, "policy.yaml: ReleasePolicy \"shop\", 1 rule, 1 SLO\n");
}

TEST_F(StaticProgram, FetchesOverHttpsFromAnAuthorityThatThePolicyNames) {
  const HttpsServer server;
  root_.Write("ca.pem", server.Certificate());
  WritePolicy(server.Url("127.0.0.1"), ", tls: {ca_file: ca.pem}");
  ExpectFetched(Check());
}

// Each system keeps the certificates that it trusts elsewhere.
TEST_F(StaticProgram, TrustsWhomTheMachineTrusts) {
  const HttpsServer server;
  WritePolicy(server.Url("127.0.0.1"), "");
  for (const char* place :
       {"etc/ssl/certs/ca-certificates.crt", "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        "etc/pki/tls/certs/ca-bundle.crt", "etc/ssl/ca-bundle.pem", "etc/ssl/cert.pem"}) {
    SCOPED_TRACE(place);
    const std::string file = root_.Write(place, server.Certificate());
    ExpectFetched(Check());
    std::filesystem::remove(file);
  }
}

TEST_F(StaticProgram, SaysWhatToDoWhereTheMachineTrustsNobody) {
  const HttpsServer server;
  WritePolicy(server.Url("127.0.0.1"), "");
  const std::string said = Check();
  ExpectNothingFetched(said);
  EXPECT_TRUE(absl::StrContains(
      said,
      "this machine's trusted certificates cannot be read from /etc/ssl/certs/ca-certificates.crt; "
      "install its package ca-certificates, or name a file of certificates as tls.ca_file in the "
      "policy"))
      << said;
}

// The modules that the machine names for looking up hosts are not for this program.
TEST_F(StaticProgram, FindsHostsByFilesWhateverTheMachineNames) {
  const HttpsServer server;
  root_.Write("etc/nsswitch.conf",
              "hosts: mdns4_minimal [NOTFOUND=return] resolve [!UNAVAIL=return]\n");
  root_.Write("etc/hosts", "127.0.0.1 prometheus.example\n");
  root_.Write("ca.pem", server.Certificate());
  WritePolicy(server.Url("prometheus.example"), ", tls: {ca_file: ca.pem}");
  ExpectFetched(Check());
}

}  // namespace
}  // namespace slogate
