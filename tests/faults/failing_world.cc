#include "tests/faults/failing_world.h"

#include <utility>

namespace slogate::fake {
namespace {

class FailingOpenFile : public OpenFile {
 public:
  FailingOpenFile(Turn& turn, std::unique_ptr<OpenFile> file)
      : turn_(turn), file_(std::move(file)) {}

  absl::Status Append(absl::string_view bytes) override {
    if (!turn_.Fails()) return file_->Append(bytes);
    file_->Append(bytes.substr(0, bytes.size() / 2)).IgnoreError();
    return absl::UnavailableError("cannot write: No space left on device");
  }

 private:
  Turn& turn_;
  std::unique_ptr<OpenFile> file_;
};

class FailingNewFile : public NewFile {
 public:
  FailingNewFile(Turn& turn, std::unique_ptr<NewFile> file) : turn_(turn), file_(std::move(file)) {}

  absl::Status Write(absl::string_view bytes) override {
    if (!turn_.Fails()) return file_->Write(bytes);
    file_->Write(bytes.substr(0, bytes.size() / 2)).IgnoreError();
    return absl::UnavailableError("cannot write: No space left on device");
  }
  absl::Status Commit() override {
    if (turn_.Fails()) return absl::UnavailableError("cannot rename: Input/output error");
    return file_->Commit();
  }

 private:
  Turn& turn_;
  std::unique_ptr<NewFile> file_;
};

}  // namespace

absl::Time FailingClock::Now() {
  if (turn_.Fails()) clock_.now += absl::Hours(2);
  return clock_.Now();
}

absl::Duration FailingClock::Monotonic() {
  if (turn_.Fails()) clock_.monotonic += absl::Hours(2);
  return clock_.Monotonic();
}

std::optional<std::string> FailingEnvironment::Get(const std::string& name) {
  std::optional<std::string> value = environment_.Get(name);
  if (!turn_.Fails()) return value;
  return value ? std::nullopt : std::optional<std::string>("unexpected");
}

absl::StatusOr<std::string> FailingFiles::Read(const std::string& path, size_t most_bytes) {
  if (turn_.Fails()) return absl::UnavailableError("cannot read: Input/output error");
  return files_.Read(path, most_bytes);
}

absl::Status FailingFiles::ReadLines(
    const std::string& path, size_t most_bytes,
    const std::function<absl::Status(absl::string_view line)>& each) {
  return files_.ReadLines(path, most_bytes, [&](absl::string_view line) {
    if (turn_.Fails()) return absl::UnavailableError("cannot read: Input/output error");
    return each(line);
  });
}

absl::StatusOr<std::unique_ptr<OpenFile>> FailingFiles::Open(const std::string& path) {
  if (turn_.Fails()) return absl::NotFoundError("cannot open: No such file or directory");
  absl::StatusOr<std::unique_ptr<OpenFile>> file = files_.Open(path);
  if (!file.ok()) return file;
  return std::make_unique<FailingOpenFile>(turn_, *std::move(file));
}

absl::StatusOr<std::unique_ptr<NewFile>> FailingFiles::Create(const std::string& path) {
  if (turn_.Fails()) return absl::PermissionDeniedError("cannot create: Permission denied");
  absl::StatusOr<std::unique_ptr<NewFile>> file = files_.Create(path);
  if (!file.ok()) return file;
  return std::make_unique<FailingNewFile>(turn_, *std::move(file));
}

absl::StatusOr<std::unique_ptr<NewFile>> FailingFiles::CreateFirst(const std::string& path) {
  if (turn_.Fails()) return absl::PermissionDeniedError("cannot create: Permission denied");
  absl::StatusOr<std::unique_ptr<NewFile>> file = files_.CreateFirst(path);
  if (!file.ok()) return file;
  return std::make_unique<FailingNewFile>(turn_, *std::move(file));
}

absl::Status FailingStream::Write(absl::string_view said) {
  const bool fails = turn_.Fails();
  text += std::string(said.substr(0, fails ? said.size() / 2 : said.size()));
  return fails ? absl::UnavailableError("cannot write to standard output: Broken pipe")
               : absl::OkStatus();
}

std::vector<HttpExchange> FailingHttp::Perform(
    absl::Span<const HttpRequest> requests, int concurrency, absl::Duration time_left,
    const std::function<void(size_t ended)>& on_progress) {
  std::vector<HttpExchange> exchanges =
      http_.Perform(requests, concurrency, time_left, on_progress);
  for (size_t i = 0; i < exchanges.size(); ++i) {
    if (turn_.Fails()) spoil_(requests[i], exchanges[i]);
  }
  return exchanges;
}

}  // namespace slogate::fake
