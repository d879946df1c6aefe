// A TCP proxy on 127.0.0.1 that makes a server far away: what either side sends arrives later, and a
// new connection costs a round trip before it can be used. One thread of its own.
#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace slogate::bench {

class DelayingProxy {
 public:
  // To the server at 127.0.0.1:`port`.
  DelayingProxy(int port, std::chrono::milliseconds each_way);
  ~DelayingProxy();
  DelayingProxy(const DelayingProxy&) = delete;
  DelayingProxy& operator=(const DelayingProxy&) = delete;

  std::string url() const;  // "http://127.0.0.1:PORT"

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace slogate::bench
