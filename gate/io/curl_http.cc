// HTTP by libcurl: one multi handle, one easy handle for each request, one loop.
#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include "gate/base/limits.h"
#include "gate/base/version.h"
#include "gate/io/clock.h"
#include "gate/io/http.h"
#include "gate/io/http_text.h"

namespace slogate {
namespace {

// The longest silence towards `on_progress`.
constexpr absl::Duration kTick = absl::Milliseconds(200);

template <typename T, void (*Free)(T*)>
struct Freed {
  void operator()(T* pointer) const { Free(pointer); }
};
void CleanUp(CURLM* multi) { curl_multi_cleanup(multi); }
using Easy = std::unique_ptr<CURL, Freed<CURL, curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Freed<CURLM, CleanUp>>;
using HeaderList = std::unique_ptr<curl_slist, Freed<curl_slist, curl_slist_free_all>>;
using Url = std::unique_ptr<CURLU, Freed<CURLU, curl_url_cleanup>>;
using CurlText = std::unique_ptr<char, Freed<void, curl_free>>;

// libcurl gives no handle, and its multi interface fails, only where there is no memory: then the
// process ends, as it does where `new` fails.
template <typename Handle>
Handle Checked(Handle handle) {
  if (handle == nullptr) abort();
  return handle;
}
void Must(CURLMcode code) {
  if (code != CURLM_OK) abort();
}

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  return CurlText(text).get();
}

// Why `request` must not be sent; "" where it may. Says nothing of what a header or the URL holds.
std::string Refusal(const HttpRequest& request, std::string* host) {
  const Url url(Checked(curl_url()));
  if (request.url.find('\0') != std::string::npos ||
      curl_url_set(url.get(), CURLUPART_URL, request.url.c_str(), CURLU_NON_SUPPORT_SCHEME) !=
          CURLUE_OK) {
    return "the URL cannot be read";
  }
  const std::string scheme = Part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    return "the URL is not one of http or https";
  }
  if (!Part(url.get(), CURLUPART_USER).empty() || !Part(url.get(), CURLUPART_PASSWORD).empty()) {
    return "the URL holds a user name or a password";
  }
  *host = Part(url.get(), CURLUPART_HOST);
  if (absl::StrContains(request.username, '\0') || absl::StrContains(request.password, '\0')) {
    return "the user name or the password has a NUL byte";
  }
  return HeadersRefusal(request.headers);
}

// One request under way. Its address stays, libcurl holds on to it.
struct Transfer {
  HttpExchange* exchange = nullptr;
  std::string host, form;
  HeaderList headers;
  size_t header_bytes = 0;
  bool headers_ended = false;  // the empty line came, after the last status line so far
  std::string objection;       // why a callback ended the transfer, where one did
  bool too_large = false;
  char detail[CURL_ERROR_SIZE] = "";
  Easy easy;  // last, so that it goes first
};

// Callbacks of libcurl. To take fewer bytes than were given ends the transfer with
// CURLE_WRITE_ERROR.
size_t TakeBody(char* bytes, size_t, size_t count, void* data) noexcept {
  auto& transfer = *static_cast<Transfer*>(data);
  std::string& body = transfer.exchange->body;
  // Not CURLOPT_MAXFILESIZE: that looks at the announced length only.
  transfer.too_large = count > limits::kAnswerBytes - body.size();
  if (transfer.too_large) return 0;
  body.append(bytes, count);
  return count;
}

size_t TakeHeader(char* bytes, size_t, size_t count, void* data) noexcept {
  auto& transfer = *static_cast<Transfer*>(data);
  transfer.header_bytes += count;
  if (transfer.header_bytes > limits::kHeaderBytes) {
    transfer.objection =
        absl::StrCat("the headers of the answer are larger than ", limits::kHeaderBytes, " bytes");
    return 0;
  }
  const absl::string_view line(bytes, count);
  if (absl::StartsWith(line, "HTTP/")) transfer.headers_ended = false;
  if (line == "\r\n" || line == "\n") transfer.headers_ended = true;
  // Compression is not asked for and not taken: libcurl calls a torn gzip body complete, and one
  // packet can unpack to gigabytes. An answer is a few hundred bytes.
  if (SaysCompressed(line)) {
    transfer.objection = "the answer is compressed, which was not asked for";
    return 0;
  }
  return count;
}

std::string SystemWords(long error) {
  switch (error) {
    case 0:
      return "";
    case ECONNREFUSED:
      return "connection refused";
    case ECONNRESET:
    case EPIPE:
      return "the connection was reset";
    case ENETUNREACH:
    case EHOSTUNREACH:
      return "there is no way to the host";
    default:
      return absl::AsciiStrToLower(strerror(static_cast<int>(error)));
  }
}

// In plain words why a transfer failed by itself.
std::string FailureWords(CURLcode code, const Transfer& transfer) {
  const std::string detail =
      transfer.detail[0] == '\0' ? curl_easy_strerror(code) : transfer.detail;
  long error = 0;
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_OS_ERRNO, &error);
  const std::string system = SystemWords(error);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return absl::StrCat("the name ", transfer.host, " is not known");
    case CURLE_COULDNT_CONNECT:
      return system.empty() ? "no connection could be made" : system;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      return system.empty() ? absl::StrCat("the connection broke off (", detail, ")") : system;
    case CURLE_GOT_NOTHING:
      return "the server closed the connection without an answer";
    case CURLE_PARTIAL_FILE:
      return "the answer broke off before its end";
    // The scheme was looked at before, so this is about what came back.
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
      return "the answer is not HTTP";
    case CURLE_PEER_FAILED_VERIFICATION:
      return absl::StrCat("the certificate is not trusted (", detail, ")");
    case CURLE_SSL_CONNECT_ERROR:
      return absl::StrCat("no TLS connection could be made (", detail, ")");
    case CURLE_SSL_CACERT_BADFILE:
      return "the trusted certificates of this machine cannot be read (package ca-certificates)";
    default:
      return detail;
  }
}

// Of the answer itself: CURLINFO_CONTENT_TYPE would also tell that of a 103 before it.
std::string HeaderOf(CURL* easy, const char* name) {
  curl_header* header = nullptr;
  return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value
                                                                                 : "";
}

class CurlMulti : public Http {
 public:
  CurlMulti() : clock_(RealClock()) {
    static const bool ready = [] {
      // The one variable that libcurl obeys of its own accord: it would write the keys of every TLS
      // connection to the file named there, for whoever may read it.
      unsetenv("SSLKEYLOGFILE");
      return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    }();
    if (!ready) abort();
    multi_.reset(Checked(curl_multi_init()));
  }

  std::vector<HttpExchange> Perform(absl::Span<const HttpRequest> requests, int concurrency,
                                    absl::Duration time_left,
                                    const std::function<void(size_t ended)>& on_progress) override {
    const Deadline deadline(*clock_, time_left);
    const size_t most = static_cast<size_t>(std::max(concurrency, 1));

    std::vector<HttpExchange> exchanges(requests.size());
    std::list<Transfer> under_way;
    size_t started = 0, ended = 0;
    const auto startable = [&] { return started < requests.size() && under_way.size() < most; };
    while (ended < requests.size()) {
      while (startable() && deadline.Left() > absl::ZeroDuration()) {
        if (!Start(requests[started], &exchanges[started], &under_way)) ++ended;
        ++started;
      }
      int unfinished = 0;
      Must(curl_multi_perform(multi_.get(), &unfinished));
      ended += TakeEnded(&under_way);
      if (on_progress) on_progress(ended);
      const absl::Duration left = deadline.Left();
      if (left == absl::ZeroDuration()) break;
      if (ended == requests.size() || startable()) continue;
      // Rounded up, or the last millisecond would be spent in a spin.
      const absl::Duration wait = absl::Ceil(std::min(left, kTick), absl::Milliseconds(1));
      const int milliseconds = static_cast<int>(absl::ToInt64Milliseconds(wait));
      Must(curl_multi_poll(multi_.get(), nullptr, 0, milliseconds, nullptr));
    }

    for (Transfer& transfer : under_way) EndTimedOut(transfer);
    for (; started < requests.size(); ++started) {
      exchanges[started].end = HttpEnd::kTimedOut;
      exchanges[started].failure = "not sent: the time was up";
    }
    return exchanges;
  }

 private:
  // False: `request` may not be sent, and `exchange` says why.
  bool Start(const HttpRequest& request, HttpExchange* exchange, std::list<Transfer>* under_way) {
    std::string host;
    exchange->failure = Refusal(request, &host);
    if (!exchange->failure.empty()) return false;
    Transfer& transfer = under_way->emplace_back();
    transfer.exchange = exchange;
    transfer.host = std::move(host);
    transfer.form = EncodeForm(request.form);
    transfer.easy.reset(Checked(curl_easy_init()));
    SetOptions(request, &transfer);
    Must(curl_multi_add_handle(multi_.get(), transfer.easy.get()));
    return true;
  }

  static void SetOptions(const HttpRequest& request, Transfer* transfer) {
    bool ok = true;
    const auto set = [&](CURLoption option, auto value) {
      ok = ok && curl_easy_setopt(transfer->easy.get(), option, value) == CURLE_OK;
    };
    set(CURLOPT_URL, request.url.c_str());
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_PROXY, "");  // not even that of the environment
    set(CURLOPT_NOPROXY, "*");
    set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
    set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    set(CURLOPT_HTTP09_ALLOWED, 0L);
    set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_QUICK_EXIT,
        1L);  // else a name server that is silent would be waited for at the end
    set(CURLOPT_USERAGENT, absl::StrCat("slogate/", Version()).c_str());
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer->form.size()));
    set(CURLOPT_POSTFIELDS, transfer->form.c_str());
    if (!request.username.empty() || !request.password.empty()) {
      set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
      set(CURLOPT_USERNAME, request.username.c_str());
      set(CURLOPT_PASSWORD, request.password.c_str());
    }
    AddHeader("Expect:", transfer);  // a large form goes out at once, without asking whether it may
    AddHeader("Accept-Encoding: identity", transfer);
    for (const auto& [name, value] : request.headers) {
      // libcurl's spelling of a header without a value; with a colon it would be left out.
      AddHeader(value.empty() ? absl::StrCat(name, ";") : absl::StrCat(name, ": ", value),
                transfer);
    }
    set(CURLOPT_HTTPHEADER, transfer->headers.get());
    set(CURLOPT_WRITEFUNCTION, TakeBody);
    set(CURLOPT_WRITEDATA, transfer);
    set(CURLOPT_HEADERFUNCTION, TakeHeader);
    set(CURLOPT_HEADERDATA, transfer);
    set(CURLOPT_ERRORBUFFER, transfer->detail);
    // Each of these is a protection; without memory, or with a libcurl that lacks one, nothing is
    // sent.
    if (!ok) abort();
  }

  static void AddHeader(const std::string& line, Transfer* transfer) {
    curl_slist* longer = Checked(curl_slist_append(transfer->headers.get(), line.c_str()));
    (void)transfer->headers.release();  // the same list, or the head that was just made
    transfer->headers.reset(longer);
  }

  // How many ended since the last call.
  size_t TakeEnded(std::list<Transfer>* under_way) {
    size_t ended = 0;
    int unread = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &unread)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;
      const auto transfer =
          std::find_if(under_way->begin(), under_way->end(),
                       [&](const Transfer& t) { return t.easy.get() == message->easy_handle; });
      if (code == CURLE_OK && transfer->headers_ended) {
        End(*transfer, HttpEnd::kAnswered, "");
      } else if (code == CURLE_OK) {
        // libcurl takes headers that break off for an answer with an empty body.
        End(*transfer, HttpEnd::kFailed, FailureWords(CURLE_PARTIAL_FILE, *transfer));
      } else if (transfer->too_large) {
        End(*transfer, HttpEnd::kTooLarge,
            absl::StrCat("the answer is larger than ", limits::kAnswerBytes, " bytes"));
      } else if (!transfer->objection.empty()) {
        End(*transfer, HttpEnd::kFailed, transfer->objection);
      } else {
        End(*transfer, HttpEnd::kFailed, FailureWords(code, *transfer));
      }
      under_way->erase(transfer);
      ++ended;
    }
    return ended;
  }

  void EndTimedOut(Transfer& transfer) {
    long sent = 0;
    curl_easy_getinfo(transfer.easy.get(), CURLINFO_REQUEST_SIZE, &sent);
    absl::string_view words = "no connection in time";
    if (sent > 0) words = "no answer in time";
    if (transfer.header_bytes > 0) words = "the answer was not complete in time";
    End(transfer, HttpEnd::kTimedOut, words);
  }

  void End(Transfer& transfer, HttpEnd end, absl::string_view failure) {
    CURL* easy = transfer.easy.get();
    HttpExchange& exchange = *transfer.exchange;
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    exchange.end = end;
    exchange.failure = std::string(failure);
    exchange.status = static_cast<int>(status);
    exchange.content_type = HeaderOf(easy, "Content-Type");
    if (status / 100 == 3) exchange.location = HeaderOf(easy, "Location");
    curl_multi_remove_handle(multi_.get(), easy);
  }

  std::unique_ptr<Clock> clock_;
  Multi multi_;
};

}  // namespace

std::unique_ptr<Http> CurlHttp() { return std::make_unique<CurlMulti>(); }

}  // namespace slogate
