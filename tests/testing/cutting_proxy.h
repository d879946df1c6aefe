// Stands between a client and a PostgreSQL server, on a socket of its own, and cuts the connection where
// it hurts most: around a commit.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "tests/testing/temp_folder.h"

namespace slogate::fake {

class CuttingProxy {
 public:
  enum class Cut : uint8_t {
    kNever,
    kBeforeCommit,  // the server never hears of it
    kAfterCommit,   // the server has done it, and the client never hears of that
    kForGood,       // as kAfterCommit, and nobody is let in any more
  };

  // `folder` is the server's, with its socket.
  explicit CuttingProxy(const std::string& folder);
  ~CuttingProxy();
  CuttingProxy(const CuttingProxy&) = delete;
  CuttingProxy& operator=(const CuttingProxy&) = delete;

  const std::string& folder() const { return folder_.path(); }  // of the socket to go to
  void CutNext(Cut cut) { cut_ = cut; }                         // once

 private:
  void Serve();
  void Pump(int client, int server);

  TempFolder folder_;
  std::string behind_;
  std::atomic<Cut> cut_ = Cut::kNever;
  bool refusing_ = false;
  int listening_, stop_[2];
  std::thread thread_;
};

}  // namespace slogate::fake
