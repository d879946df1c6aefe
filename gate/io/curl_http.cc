// HTTP by libcurl: one multi handle, one transfer for each request under way, one loop.
#include <curl/curl.h>
#include <stdlib.h>

#include <algorithm>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "gate/io/clock.h"
#include "gate/io/curl_transfer.h"
#include "gate/io/http.h"
#include "gate/io/retry.h"

namespace slogate {
namespace {

// The longest silence towards `on_progress`.
constexpr absl::Duration kTick = absl::Milliseconds(200);

struct CleanUp {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

// libcurl's multi interface fails only where there is no memory: then the process ends, as it does
// where `new` fails.
void Must(CURLMcode code) {
  if (code != CURLM_OK) abort();
}

class CurlMulti : public Http {
 public:
  explicit CurlMulti(Jitter jitter)
      : clock_(RealClock()), jitter_(jitter ? std::move(jitter) : FullJitter()) {
    static const bool ready = [] {
      // The one variable that libcurl obeys of its own accord: it would write the keys of every TLS
      // connection to the file named there, for whoever may read it.
      unsetenv("SSLKEYLOGFILE");
      return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    }();
    if (!ready) abort();
    multi_.reset(curl_multi_init());
    if (!multi_) abort();
  }

  std::vector<HttpExchange> Perform(absl::Span<const HttpRequest> requests, int concurrency,
                                    absl::Duration time_left,
                                    const std::function<void(size_t ended)>& on_progress) override {
    const Deadline deadline(*clock_, time_left);
    const size_t most = static_cast<size_t>(std::max(concurrency, 1));

    std::vector<HttpExchange> exchanges(requests.size());
    Tries tries(requests, given_up_, jitter_);
    std::list<Transfer> under_way;
    while (tries.ended() < requests.size()) {
      while (under_way.size() < most && deadline.Left() > absl::ZeroDuration()) {
        const std::optional<size_t> next = tries.Next(clock_->Monotonic());
        if (!next) break;
        exchanges[*next] = {};
        if (!Start(*next, requests[*next], &exchanges[*next], &under_way)) tries.EndForGood();
      }
      int unfinished = 0;
      Must(curl_multi_perform(multi_.get(), &unfinished));
      TakeEnded(&under_way, [&](size_t number) {
        tries.End(number, clock_->Monotonic(), clock_->Now(), deadline.Left(), exchanges[number]);
      });
      if (on_progress) on_progress(tries.ended());
      const absl::Duration left = deadline.Left();
      if (left == absl::ZeroDuration()) break;
      absl::Duration wait = std::min(left, kTick);
      if (under_way.size() < most) wait = std::min(wait, tries.Wait(clock_->Monotonic()));
      if (tries.ended() == requests.size() || wait == absl::ZeroDuration()) continue;
      // Rounded up, or the last millisecond would be spent in a spin.
      const int milliseconds =
          static_cast<int>(absl::ToInt64Milliseconds(absl::Ceil(wait, absl::Milliseconds(1))));
      Must(curl_multi_poll(multi_.get(), nullptr, 0, milliseconds, nullptr));
    }

    for (Transfer& transfer : under_way) {
      transfer.EndTimedOut();
      curl_multi_remove_handle(multi_.get(), transfer.easy());
    }
    for (size_t i = 0; i < requests.size(); ++i) {
      if (tries.WasSent(i)) continue;
      exchanges[i].end = HttpEnd::kTimedOut;
      exchanges[i].failure = "not sent: the time was up";
    }
    return exchanges;
  }

 private:
  // False: `request` may not be sent, and `exchange` says why.
  bool Start(size_t number, const HttpRequest& request, HttpExchange* exchange,
             std::list<Transfer>* under_way) {
    exchange->failure = Refusal(request);
    if (!exchange->failure.empty()) return false;
    const Transfer& transfer = under_way->emplace_back(number, request, exchange);
    Must(curl_multi_add_handle(multi_.get(), transfer.easy()));
    return true;
  }

  // Calls `ended` with the number of each request that ended since the last call.
  template <class Ended>
  void TakeEnded(std::list<Transfer>* under_way, const Ended& ended) {
    int unread = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &unread)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      const auto transfer =
          std::find_if(under_way->begin(), under_way->end(),
                       [&](const Transfer& t) { return t.easy() == message->easy_handle; });
      transfer->End(code);
      curl_multi_remove_handle(multi_.get(), transfer->easy());
      const size_t number = transfer->number();
      under_way->erase(transfer);
      ended(number);
    }
  }

  std::unique_ptr<Clock> clock_;
  Jitter jitter_;
  std::set<std::string> given_up_;  // servers, from one batch to the next
  std::unique_ptr<CURLM, CleanUp> multi_;
};

}  // namespace

std::unique_ptr<Http> CurlHttp(std::function<absl::Duration(absl::Duration most)> jitter) {
  return std::make_unique<CurlMulti>(std::move(jitter));
}

}  // namespace slogate
