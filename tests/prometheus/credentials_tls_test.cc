// The files for TLS that a source names.
#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "gate/prometheus/credentials.h"
#include "gate/prometheus/prometheus_source.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

std::string Pem(const std::string& label) {
  return absl::StrCat("-----BEGIN ", label, "-----\nAAAA\n-----END ", label, "-----\n");
}

Parsed<Credentials> Read(const TlsConfig& tls, fake::MemoryFiles& files) {
  fake::MapEnvironment environment;
  SourceConfig config;
  config.url.value = "https://prometheus.example";
  config.tls = tls;
  return ReadCredentials(config, "policy.yaml", files, environment);
}

TEST(ReadTlsFiles, AllThree) {
  fake::MemoryFiles files({{"ca", Pem("CERTIFICATE") + Pem("CERTIFICATE")},
                           {"cert", Pem("CERTIFICATE")},
                           {"key", Pem("EC PRIVATE KEY")}});
  const Parsed<Credentials> read =
      Read({{1, 1}, {"ca", {2, 1}}, {"cert", {3, 1}}, {"key", {4, 1}}}, files);
  ASSERT_TRUE(read.value.has_value());
  ASSERT_NE(read.value->tls, nullptr);
  EXPECT_EQ(read.value->tls->ca, files.contents["ca"]);
  EXPECT_EQ(read.value->tls->certificate, files.contents["cert"]);
  EXPECT_EQ(read.value->tls->key, files.contents["key"]);
}

TEST(ReadTlsFiles, OnlyWhatIsNamed) {
  fake::MemoryFiles files({{"ca", Pem("CERTIFICATE")}});
  const Parsed<Credentials> read = Read({{1, 1}, {"ca", {2, 1}}, {}, {}}, files);
  ASSERT_TRUE(read.value.has_value());
  EXPECT_EQ(read.value->tls->certificate, "");
  EXPECT_EQ(read.value->tls->key, "");
  EXPECT_EQ(files.log, std::vector<std::string>{"read ca"});
}

TEST(ReadTlsFiles, WhatIsWrongIsToldWithItsPlaceAndNeverTheContent) {
  struct Case {
    const char* name;
    TlsConfig tls;
    const char* id;
    const char* message;
    const char* hint;
  };
  const Placed<std::string> none, good = {"good", {3, 1}};
  const auto at = [](const char* path) { return Placed<std::string>{path, {7, 9}}; };
  const Case cases[] = {
      {"missing",
       {{}, at("none"), none, none},
       "tls_file_missing",
       "the file 'none' for the trusted certificates of https://prometheus.example does not exist",
       "create it, or name the right one"},
      {"locked",
       {{}, none, at("locked"), at("key")},
       "tls_file_unreadable",
       "the file 'locked' for the client certificate of https://prometheus.example cannot be used: "
       "cannot read locked: Permission denied",
       "let the user that runs slogate read it"},
      {"large",
       {{}, at("large"), none, none},
       "tls_file_unreadable",
       "the file 'large' for the trusted certificates of https://prometheus.example cannot be "
       "used: "
       "cannot read large: larger than 1048576 bytes",
       "name a file that holds it in PEM and nothing else"},
      {"empty",
       {{}, at("empty"), none, none},
       "tls_file_malformed",
       "the file 'empty' for the trusted certificates of https://prometheus.example holds no "
       "CERTIFICATE in PEM",
       "convert it with openssl, or name the right one"},
      {"a key for a certificate",
       {{}, at("key"), none, none},
       "tls_file_malformed",
       "the file 'key' for the trusted certificates of https://prometheus.example holds no "
       "CERTIFICATE in PEM",
       "convert it with openssl, or name the right one"},
      {"a certificate for a key",
       {{}, none, good, at("good")},
       "tls_file_malformed",
       "the file 'good' for the client's key of https://prometheus.example holds no PRIVATE KEY in "
       "PEM",
       "convert it with openssl, or name the right one"},
      {"an encrypted key",
       {{}, none, good, at("encrypted")},
       "tls_file_encrypted",
       "the file 'encrypted' for the client's key of https://prometheus.example is encrypted",
       "decrypt the key: openssl pkey -in FILE -out PLAIN_FILE"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    fake::MemoryFiles files({{"good", Pem("CERTIFICATE")},
                             {"key", Pem("PRIVATE KEY")},
                             {"encrypted", Pem("ENCRYPTED PRIVATE KEY")},
                             {"empty", ""},
                             {"large", std::string(limits::kCertificateBytes + 1, 'x')}});
    files.read_errors["locked"] =
        absl::PermissionDeniedError("cannot read locked: Permission denied");
    const Parsed<Credentials> read = Read(c.tls, files);
    EXPECT_FALSE(read.value.has_value());
    ASSERT_EQ(read.diagnostics.size(), 1U);
    EXPECT_EQ(read.diagnostics[0].id, c.id);
    EXPECT_EQ(read.diagnostics[0].at, (Position{7, 9}));
    EXPECT_EQ(read.diagnostics[0].message, c.message);
    EXPECT_EQ(read.diagnostics[0].hint, c.hint);
  }
}

TEST(PrometheusSource, SendsCertificatesAndProxyWithEveryRequest) {
  fake::ScriptedHttp http(std::vector<HttpExchange>{});
  fake::FixedClock clock(absl::UnixEpoch());
  SourceConfig config;
  config.url.value = "https://prometheus.example";
  config.proxy.value = "http://proxy.example:3128";
  Credentials credentials;
  credentials.tls = std::make_shared<const HttpTls>(HttpTls{"ca", "cert", "key"});
  Question events{QuestionKind::kEvents, "main", {}, absl::Hours(1)};
  events.selector.metric = "requests";
  const Question questions[] = {{QuestionKind::kClock, "main", {}, {}}, events};
  PrometheusSource("main", config, credentials, http, Deadline(clock, absl::Seconds(60)), {})
      ->Measure(questions, clock.now);
  ASSERT_EQ(http.batches.size(), 1U);
  ASSERT_EQ(http.batches[0].requests.size(), 2U);
  for (const HttpRequest& request : http.batches[0].requests) {
    EXPECT_EQ(request.tls, credentials.tls);
    EXPECT_EQ(request.proxy, "http://proxy.example:3128");
  }
}

}  // namespace
}  // namespace slogate
