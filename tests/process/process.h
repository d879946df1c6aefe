// What tests of the program itself start from: a policy, a server, and runs as child processes.
#pragma once

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/io/clock.h"
#include "tests/testing/child_process.h"
#include "tests/testing/fake_prometheus.h"
#include "tests/testing/fake_server.h"
#include "tests/testing/temp_folder.h"

namespace slogate {

using Strings = std::vector<std::string>;

inline constexpr char kTotal[] = "http_requests_total";
inline constexpr char kBad[] = R"(http_requests_total{code="500"})";

inline std::string Policy(const std::string& url) {
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

// A policy, and a server for it that says how many of 10,000 events were bad; 100 are allowed.
class Process : public testing::Test {
 protected:
  void Serve(const std::string& bad) {
    auto replies = std::make_shared<fake::PrometheusReplies>(RealClock()->Now());
    for (const auto& [selector, events] : {std::pair(kTotal, "10000"), {kBad, bad.c_str()}})
      replies->Value(absl::StrCat("sum(increase(", selector, "[7d]))"), events);
    replies->Value(absl::StrCat("time() - max(timestamp(", kTotal, "))"), "12");
    replies->Value(absl::StrCat("group(last_over_time(", kTotal, "[1h24m] offset 6d22h36m))"), "1");
    replies->Value(absl::StrCat("count_over_time(group(last_over_time(", kTotal,
                                "[5m]))[6d23h59m59s500ms:1h24m])"),
                   "120");
    Answer([replies](const fake::Request& request) { return (*replies)(request); });
  }
  void Answer(std::function<fake::Reply(const fake::Request&)> answer) {
    server_ = std::make_unique<fake::Server>(std::move(answer));
    folder_.Write("policy.yaml", Policy(server_->url()));
  }
  // A server that hears and stays silent, but for what `replies` is to answer.
  void Hang(std::function<bool(const fake::Request&)> answers = {},
            std::function<fake::Reply(const fake::Request&)> replies = {}) {
    Answer([this, answers, replies](const fake::Request& request) {
      if (answers && answers(request)) return replies(request);
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

}  // namespace slogate
