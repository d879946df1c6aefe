#include "tests/testing/fakes.h"

#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

namespace slogate::fake {
namespace {

absl::Status ErrorAt(const std::map<std::string, absl::Status>& errors, const std::string& path) {
  const auto found = errors.find(path);
  return found == errors.end() ? absl::OkStatus() : found->second;
}

class MemoryOpenFile : public OpenFile {
 public:
  MemoryOpenFile(MemoryFiles& files, std::string path) : files_(files), path_(std::move(path)) {}

  absl::Status Append(absl::string_view bytes) override {
    files_.log.push_back(absl::StrCat("append ", path_));
    if (absl::Status error = ErrorAt(files_.write_errors, path_); !error.ok()) return error;
    absl::StrAppend(&files_.contents[path_], bytes);
    return absl::OkStatus();
  }

 private:
  MemoryFiles& files_;
  std::string path_;
};

absl::Status Exists(const std::string& path) {
  return absl::AlreadyExistsError(absl::StrCat("cannot write ", path, ": something stands there"));
}

class MemoryNewFile : public NewFile {
 public:
  MemoryNewFile(MemoryFiles& files, std::string path, bool first = false)
      : files_(files), path_(std::move(path)), first_(first) {}
  ~MemoryNewFile() override {
    if (!committed_) files_.log.push_back(absl::StrCat("drop ", path_));
  }

  absl::Status Write(absl::string_view bytes) override {
    files_.log.push_back(absl::StrCat("write ", path_));
    if (absl::Status error = ErrorAt(files_.write_errors, path_); !error.ok()) return error;
    absl::StrAppend(&content_, bytes);
    return absl::OkStatus();
  }

  absl::Status Commit() override {
    files_.log.push_back(absl::StrCat("commit ", path_));
    if (absl::Status error = ErrorAt(files_.commit_errors, path_); !error.ok()) return error;
    if (committed_) return absl::FailedPreconditionError(absl::StrCat(path_, ": committed twice"));
    if (first_ && files_.contents.count(path_) > 0) return Exists(path_);
    files_.contents[path_] = content_;
    committed_ = true;
    return absl::OkStatus();
  }

 private:
  MemoryFiles& files_;
  std::string path_, content_;
  bool first_;
  bool committed_ = false;
};

}  // namespace

std::optional<std::string> MapEnvironment::Get(const std::string& name) {
  asked.push_back(name);
  const auto found = variables.find(name);
  if (found == variables.end()) return std::nullopt;
  return found->second;
}

absl::StatusOr<std::string> MemoryFiles::Read(const std::string& path, size_t most_bytes) {
  log.push_back(absl::StrCat("read ", path));
  if (absl::Status error = ErrorAt(read_errors, path); !error.ok()) return error;
  const auto found = contents.find(path);
  if (found == contents.end()) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path, ": No such file or directory"));
  }
  if (found->second.size() > most_bytes) {
    return absl::OutOfRangeError(
        absl::StrCat("cannot read ", path, ": larger than ", most_bytes, " bytes"));
  }
  return found->second;
}

absl::StatusOr<std::unique_ptr<OpenFile>> MemoryFiles::Open(const std::string& path) {
  log.push_back(absl::StrCat("open ", path));
  if (contents.count(path) == 0) return absl::NotFoundError(absl::StrCat("cannot write ", path));
  return std::make_unique<MemoryOpenFile>(*this, path);
}

absl::Status MemoryFiles::ReadLines(
    const std::string& path, size_t most_bytes,
    const std::function<absl::Status(absl::string_view line)>& each) {
  const absl::StatusOr<std::string> content = Read(path, std::string::npos);
  if (!content.ok()) return content.status();
  std::vector<std::string> lines = absl::StrSplit(*content, '\n');
  if (lines.back().empty()) lines.pop_back();
  for (const std::string& line : lines) {
    if (line.size() > most_bytes) return absl::OutOfRangeError("a line is too long");
    if (const absl::Status status = each(line); !status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<NewFile>> MemoryFiles::Create(const std::string& path) {
  log.push_back(absl::StrCat("create ", path));
  if (absl::Status error = ErrorAt(create_errors, path); !error.ok()) return error;
  return std::make_unique<MemoryNewFile>(*this, path);
}

absl::StatusOr<std::unique_ptr<NewFile>> MemoryFiles::CreateFirst(const std::string& path) {
  log.push_back(absl::StrCat("create ", path));
  if (absl::Status error = ErrorAt(create_errors, path); !error.ok()) return error;
  if (contents.count(path) > 0) return Exists(path);
  return std::make_unique<MemoryNewFile>(*this, path, true);
}

ScriptedHttp::ScriptedHttp(std::vector<HttpExchange> answers)
    : answer_([answers = std::move(answers), next = size_t{0}](const HttpRequest&) mutable {
        if (next < answers.size()) return answers[next++];
        return NotAnswered(HttpEnd::kFailed, "nothing was scripted");
      }) {}

namespace {

// As on the wire, but in one piece.
void PourIntoSink(const HttpSink& sink, HttpExchange& exchange) {
  const std::string type = exchange.content_type.substr(0, exchange.content_type.find(';'));
  if (exchange.status != 200 || type != sink.content_type || exchange.body.empty()) return;
  if (!sink.take(exchange.body)) {
    exchange.end = HttpEnd::kFailed;
    exchange.failure = "the answer was not read to its end";
  }
  exchange.body.clear();
}

}  // namespace

std::vector<HttpExchange> ScriptedHttp::Perform(
    absl::Span<const HttpRequest> requests, int concurrency, absl::Duration time_left,
    const std::function<void(size_t ended)>& on_progress) {
  batches.push_back({{requests.begin(), requests.end()}, concurrency, time_left});
  std::vector<HttpExchange> exchanges;
  for (const HttpRequest& request : requests) {
    exchanges.push_back(time_left > absl::ZeroDuration()
                            ? answer_(request)
                            : NotAnswered(HttpEnd::kTimedOut, "not sent: the time was up"));
    if (request.sink) PourIntoSink(*request.sink, exchanges.back());
    if (on_progress) on_progress(exchanges.size());
  }
  return exchanges;
}

absl::Duration NoPause(absl::Duration) { return absl::ZeroDuration(); }

HttpExchange Answered(int status, absl::string_view content_type, absl::string_view body) {
  HttpExchange exchange;
  exchange.end = HttpEnd::kAnswered;
  exchange.status = status;
  exchange.content_type = std::string(content_type);
  exchange.body = std::string(body);
  return exchange;
}

HttpExchange NotAnswered(HttpEnd end, absl::string_view failure) {
  HttpExchange exchange;
  exchange.end = end;
  exchange.failure = std::string(failure);
  return exchange;
}

std::string FormValue(const HttpRequest& request, absl::string_view key) {
  for (const auto& [name, value] : request.form) {
    if (name == key) return value;
  }
  return "";
}

}  // namespace slogate::fake
