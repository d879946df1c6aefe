#include "gate/io/curl_transfer.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <algorithm>
#include <optional>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include "gate/base/limits.h"
#include "gate/base/version.h"
#include "gate/io/http_text.h"
#include "gate/io/machine_certificates.h"

namespace slogate {
namespace {

template <typename T, void (*Free)(T*)>
struct Freed {
  void operator()(T* pointer) const { Free(pointer); }
};
using Easy = std::unique_ptr<CURL, Freed<CURL, curl_easy_cleanup>>;
using HeaderList = std::unique_ptr<curl_slist, Freed<curl_slist, curl_slist_free_all>>;
using Url = std::unique_ptr<CURLU, Freed<CURLU, curl_url_cleanup>>;
using CurlText = std::unique_ptr<char, Freed<void, curl_free>>;

// libcurl gives no handle only where there is no memory: then the process ends, as it does where
// `new` fails.
template <typename Handle>
Handle Checked(Handle handle) {
  if (handle == nullptr) abort();
  return handle;
}

std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  return CurlText(text).get();
}

// What is wrong with a URL, to be said after its name; "" where nothing is.
std::string UrlRefusal(const std::string& text) {
  const Url url(Checked(curl_url()));
  if (text.find('\0') != std::string::npos ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return " cannot be read";
  }
  const std::string scheme = Part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return " is not one of http or https";
  if (!Part(url.get(), CURLUPART_USER).empty() || !Part(url.get(), CURLUPART_PASSWORD).empty()) {
    return " holds a user name or a password";
  }
  return "";
}

std::string HostOf(const std::string& text) {
  const Url url(Checked(curl_url()));
  curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0);
  return Part(url.get(), CURLUPART_HOST);
}

}  // namespace

// What libcurl and its callbacks hold on to.
struct TransferParts {
  const HttpRequest* request = nullptr;
  HttpExchange* exchange = nullptr;
  std::string form;
  HeaderList headers;
  size_t header_bytes = 0;
  size_t sunk_bytes = 0;       // into the request's sink
  bool headers_ended = false;  // the empty line came, after the last status line so far
  std::string objection;       // why a callback ended the transfer, where one did
  bool too_large = false;
  char detail[CURL_ERROR_SIZE] = "";
  Easy easy;  // last, so that it goes first
};

namespace {

long Info(const TransferParts& transfer, CURLINFO info) {
  long value = 0;
  curl_easy_getinfo(transfer.easy.get(), info, &value);
  return value;
}

// Of the answer itself: CURLINFO_CONTENT_TYPE would also tell that of a 103 before it.
std::string HeaderOf(CURL* easy, const char* name) {
  curl_header* header = nullptr;
  return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value
                                                                                 : "";
}

// Whether the answer, whose headers have come, is what the request's sink is for.
bool IsForSink(const TransferParts& transfer) {
  const std::optional<HttpSink>& sink = transfer.request->sink;
  if (!sink || Info(transfer, CURLINFO_RESPONSE_CODE) != 200) return false;
  const std::string type = HeaderOf(transfer.easy.get(), "Content-Type");
  return absl::EqualsIgnoreCase(
      absl::StripAsciiWhitespace(absl::string_view(type).substr(0, type.find(';'))),
      sink->content_type);
}

bool SaysWhereItEnds(const TransferParts& transfer) {
  return !HeaderOf(transfer.easy.get(), "Content-Length").empty() ||
         !HeaderOf(transfer.easy.get(), "Transfer-Encoding").empty();
}

size_t TakeIntoSink(absl::string_view bytes, TransferParts& transfer) {
  transfer.too_large = bytes.size() > limits::kStreamBytes - transfer.sunk_bytes;
  if (transfer.too_large) return 0;
  transfer.sunk_bytes += bytes.size();
  if (transfer.request->sink->take(bytes)) return bytes.size();
  transfer.objection = "the answer was not read to its end";
  return 0;
}

// Callbacks of libcurl. To take fewer bytes than were given ends the transfer with
// CURLE_WRITE_ERROR.
size_t TakeBody(char* bytes, size_t, size_t count, void* data) noexcept {
  auto& transfer = *static_cast<TransferParts*>(data);
  if (IsForSink(transfer)) return TakeIntoSink({bytes, count}, transfer);
  std::string& body = transfer.exchange->body;
  // Not CURLOPT_MAXFILESIZE: that looks at the announced length only.
  transfer.too_large = count > limits::kAnswerBytes - body.size();
  if (transfer.too_large) return 0;
  body.append(bytes, count);
  return count;
}

size_t TakeHeader(char* bytes, size_t, size_t count, void* data) noexcept {
  auto& transfer = *static_cast<TransferParts*>(data);
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

// What a proxy said to CONNECT, where it refused; else 0.
int ProxyRefusal(const TransferParts& transfer) {
  const long status = Info(transfer, CURLINFO_HTTP_CONNECTCODE);
  return status / 100 == 2 ? 0 : static_cast<int>(status);
}

// Whether a transfer that failed by itself may do better a moment later.
bool FailureMayPass(CURLcode code, const TransferParts& transfer) {
  const long error = Info(transfer, CURLINFO_OS_ERRNO);
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return true;
    case CURLE_GOT_NOTHING:
      return transfer.header_bytes == 0;
    case CURLE_COULDNT_CONNECT:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
      if (const int status = ProxyRefusal(transfer); status != 0) {
        return status == 429 || (status >= 502 && status <= 504);
      }
      return error == ECONNREFUSED || error == ECONNRESET || error == EPIPE;
    default:
      return false;
  }
}

// In plain words why a transfer failed by itself.
std::string FailureWords(CURLcode code, const TransferParts& transfer) {
  const std::string detail =
      transfer.detail[0] == '\0' ? curl_easy_strerror(code) : transfer.detail;
  const std::string system = SystemWords(Info(transfer, CURLINFO_OS_ERRNO));
  const std::string& proxy = transfer.request->proxy;
  if (const int status = ProxyRefusal(transfer); status != 0) {
    return absl::StrCat("the proxy ", proxy, " made no connection: HTTP ", status);
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return absl::StrCat("the name ", HostOf(transfer.request->url), " is not known");
    case CURLE_COULDNT_RESOLVE_PROXY:
      return absl::StrCat("the name of the proxy ", proxy, " is not known");
    case CURLE_COULDNT_CONNECT:
      return absl::StrCat(proxy.empty() ? "" : absl::StrCat("the proxy ", proxy, ": "),
                          system.empty() ? "no connection could be made" : system);
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
    case CURLE_SSL_CERTPROBLEM:
      return absl::StrCat("our client certificate or its key cannot be used (", detail, ")");
    case CURLE_SSL_CACERT_BADFILE:
      return transfer.request->tls && !transfer.request->tls->ca.empty()
                 ? "the policy's ca_file holds no certificate that can be read"
                 : absl::StrCat("this machine's trusted certificates cannot be read from ",
                                MachineCertificates(),
                                "; install its package ca-certificates, or name a file of "
                                "certificates as tls.ca_file in the policy");
    default:
      return detail;
  }
}

void AddHeader(const std::string& line, TransferParts* transfer) {
  curl_slist* longer = Checked(curl_slist_append(transfer->headers.get(), line.c_str()));
  (void)transfer->headers.release();  // the same list, or the head that was just made
  transfer->headers.reset(longer);
}

// `set` sets an option.
template <class Set>
void SetTls(const HttpTls& tls, const Set& set) {
  const auto set_pem = [&](CURLoption option, const std::string& pem) {
    // Not copied: the requests outlive every transfer.
    curl_blob blob = {const_cast<char*>(pem.data()), pem.size(), CURL_BLOB_NOCOPY};
    if (!pem.empty()) set(option, &blob);
  };
  set_pem(CURLOPT_CAINFO_BLOB, tls.ca);
  // The machine's folder of certificates would be trusted beside it.
  if (!tls.ca.empty()) set(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  set_pem(CURLOPT_SSLCERT_BLOB, tls.certificate);
  set_pem(CURLOPT_SSLKEY_BLOB, tls.key);
  set(CURLOPT_KEYPASSWD, "");  // else OpenSSL would ask for one on the terminal
}

void SetOptions(TransferParts* transfer) {
  const HttpRequest& request = *transfer->request;
  bool ok = true;
  const auto set = [&](CURLoption option, auto value) {
    ok = ok && curl_easy_setopt(transfer->easy.get(), option, value) == CURLE_OK;
  };
  set(CURLOPT_URL, request.url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  // Empty: none, not even that of the environment. No host is excepted from a proxy, either.
  set(CURLOPT_PROXY, request.proxy.c_str());
  set(CURLOPT_NOPROXY, request.proxy.empty() ? "*" : "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);          // else taken for the answer's
  set(CURLOPT_HEADEROPT, long{CURLHEADER_SEPARATE});  // else CONNECT would tell them the proxy
  set(CURLOPT_PROXY_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  set(CURLOPT_PROXY_SSL_VERIFYPEER, 1L);
  set(CURLOPT_PROXY_SSL_VERIFYHOST, 2L);
  set(CURLOPT_NETRC, long{CURL_NETRC_IGNORED});
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(CURLOPT_HTTP09_ALLOWED, 0L);
  set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_CAINFO, MachineCertificates());
  set(CURLOPT_PROXY_CAINFO, MachineCertificates());
  if (request.tls) SetTls(*request.tls, set);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT,
      1L);  // else a name server that is silent would be waited for at the end
  set(CURLOPT_USERAGENT, absl::StrCat("slogate/", Version()).c_str());
  set(CURLOPT_POST, 1L);
  const std::string& content = request.content ? request.content->bytes : transfer->form;
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(content.size()));
  set(CURLOPT_POSTFIELDS, content.c_str());
  if (!request.username.empty() || !request.password.empty()) {
    if (request.aws_sigv4.empty()) {
      set(CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    } else {
      set(CURLOPT_AWS_SIGV4, request.aws_sigv4.c_str());
    }
    set(CURLOPT_USERNAME, request.username.c_str());
    set(CURLOPT_PASSWORD, request.password.c_str());
  }
  AddHeader("Expect:", transfer);  // a large form goes out at once, without asking whether it may
  AddHeader("Accept-Encoding: identity", transfer);
  if (request.content) AddHeader("Content-Type: " + request.content->type, transfer);
  for (const auto& [name, value] : request.headers) {
    // libcurl's spelling of a header without a value; with a colon it would be left out.
    AddHeader(value.empty() ? absl::StrCat(name, ";") : absl::StrCat(name, ": ", value), transfer);
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

// Fills in how it ended.
void Finish(const TransferParts& transfer, HttpEnd end, std::string failure) {
  CURL* easy = transfer.easy.get();
  HttpExchange& exchange = *transfer.exchange;
  exchange.end = end;
  exchange.failure = std::move(failure);
  exchange.status = static_cast<int>(Info(transfer, CURLINFO_RESPONSE_CODE));
  curl_off_t sent = 0, heard = 0;  // microseconds since the start
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_PRETRANSFER_TIME_T, &sent);
  curl_easy_getinfo(transfer.easy.get(), CURLINFO_STARTTRANSFER_TIME_T, &heard);
  exchange.wait = absl::Microseconds(std::max<curl_off_t>(0, heard - sent));
  exchange.content_type = HeaderOf(easy, "Content-Type");
  exchange.retry_after = HeaderOf(easy, "Retry-After");
  if (exchange.status / 100 == 3) exchange.location = HeaderOf(easy, "Location");
}

}  // namespace

std::string Refusal(const HttpRequest& request) {
  std::string refusal = UrlRefusal(request.url);
  if (!refusal.empty()) return absl::StrCat("the URL", refusal);
  if (!request.proxy.empty()) refusal = UrlRefusal(request.proxy);
  if (!refusal.empty()) return absl::StrCat("the proxy's URL", refusal);
  if (absl::StrContains(request.username, '\0') || absl::StrContains(request.password, '\0')) {
    return "the user name or the password has a NUL byte";
  }
  refusal = HeadersRefusal(request.headers);
  if (!refusal.empty() || !request.content) return refusal;
  return HeadersRefusal({{"Content-Type", request.content->type}});
}

Transfer::Transfer(size_t number, const HttpRequest& request, HttpExchange* exchange)
    : number_(number), parts_(std::make_unique<TransferParts>()) {
  parts_->request = &request;
  parts_->exchange = exchange;
  parts_->form = EncodeForm(request.form);
  parts_->easy.reset(Checked(curl_easy_init()));
  SetOptions(parts_.get());
}

Transfer::~Transfer() = default;

void* Transfer::easy() const { return parts_->easy.get(); }

void Transfer::End(int code_of_libcurl) {
  const auto code = static_cast<CURLcode>(code_of_libcurl);
  if (code == CURLE_OK && !parts_->headers_ended) {
    // libcurl takes headers that break off for an answer with an empty body.
    Finish(*parts_, HttpEnd::kFailed, FailureWords(CURLE_PARTIAL_FILE, *parts_));
  } else if (code == CURLE_OK && IsForSink(*parts_) && !SaysWhereItEnds(*parts_)) {
    Finish(*parts_, HttpEnd::kFailed, "the answer does not say where it ends");
  } else if (code == CURLE_OK) {
    Finish(*parts_, HttpEnd::kAnswered, "");
  } else if (parts_->too_large) {
    Finish(*parts_, HttpEnd::kTooLarge,
           absl::StrCat("the answer is larger than ",
                        parts_->sunk_bytes > 0 ? limits::kStreamBytes : limits::kAnswerBytes,
                        " bytes"));
  } else if (!parts_->objection.empty()) {
    Finish(*parts_, HttpEnd::kFailed, parts_->objection);
  } else {
    Finish(*parts_, HttpEnd::kFailed, FailureWords(code, *parts_));
    parts_->exchange->may_pass = parts_->sunk_bytes == 0 && FailureMayPass(code, *parts_);
  }
}

void Transfer::EndTimedOut() {
  const char* words = "no connection in time";
  if (Info(*parts_, CURLINFO_REQUEST_SIZE) > 0) words = "no answer in time";
  if (parts_->header_bytes > 0) words = "the answer was not complete in time";
  Finish(*parts_, HttpEnd::kTimedOut, words);
}

}  // namespace slogate
