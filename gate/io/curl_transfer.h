// One request to libcurl, from its options to the exchange that it ends in. Only for curl_http.cc,
// whose loop drives it. libcurl's header stays out of here, so its types have their plain names.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "gate/io/http.h"

namespace slogate {

// Why `request` must not be sent; "" where it may. Says nothing of what a header or a URL holds.
std::string Refusal(const HttpRequest& request);

struct TransferParts;  // libcurl's, and what its callbacks need

// Request and exchange must outlive it.
class Transfer {
 public:
  // `number` is for the caller. Refusal(request) is empty.
  Transfer(size_t number, const HttpRequest& request, HttpExchange* exchange);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  size_t number() const { return number_; }
  void* easy() const;  // libcurl's handle: a CURL*

  // Fill the exchange in: libcurl said that it ended with this CURLcode, or the time was up.
  void End(int code);
  void EndTimedOut();

 private:
  size_t number_;
  std::unique_ptr<TransferParts> parts_;
};

}  // namespace slogate
