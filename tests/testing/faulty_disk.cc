#include "tests/testing/faulty_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <absl/strings/str_cat.h>

namespace slogate::fake {
namespace {

constexpr size_t kSector = 512;

enum class Change : uint8_t {
  kCreate,
  kDelete,
  kWrite,
  kTruncate,
  kSyncFile,
  kSyncFolder,
  kSyncFailed
};

struct Operation {
  Change change;
  std::string path;   // kCreate, kDelete
  size_t inode = 0;   // of the file that path then names; or that is written, truncated or synced
  size_t at = 0;      // kWrite: the offset; kTruncate: the length
  std::string bytes;  // kWrite
};

// Names and what they name. Deleted and renamed files keep their place in `inodes`.
struct Tree {
  std::map<std::string, size_t> names;
  std::vector<std::string> inodes;

  FaultyDisk::Image Files() const {
    FaultyDisk::Image files;
    for (const auto& [path, inode] : names)
      files[path] = inode < inodes.size() ? inodes[inode] : "";
    return files;
  }
  std::string& Contents(size_t inode) {
    if (inode >= inodes.size()) inodes.resize(inode + 1);
    return inodes[inode];
  }
  void Apply(const Operation& operation) {
    std::string& contents = Contents(operation.inode);
    switch (operation.change) {
      case Change::kCreate:
        names[operation.path] = operation.inode;
        return;
      case Change::kDelete:
        names.erase(operation.path);
        return;
      case Change::kWrite:
        contents.resize(std::max(contents.size(), operation.at + operation.bytes.size()));
        contents.replace(operation.at, operation.bytes.size(), operation.bytes);
        return;
      case Change::kTruncate:
        contents.resize(operation.at);
        return;
      default:
        return;
    }
  }
};

bool IsOfFolder(const Operation& operation) {
  return operation.change == Change::kCreate || operation.change == Change::kDelete;
}

// What the disk has, and what only the system's memory has yet.
class Unsynced {
 public:
  explicit Unsynced(Tree synced) : disk_(std::move(synced)) {}

  void Take(const Operation& operation, const std::function<bool()>& survives) {
    switch (operation.change) {
      case Change::kSyncFolder:
        return Settle(IsOfFolder, [] { return true; });
      case Change::kSyncFile:
        return Settle(OfFile(operation.inode), [] { return true; });
      case Change::kSyncFailed:
        // Linux takes what it could not write for written.
        return Settle(OfFile(operation.inode), survives);
      default:
        pending_.push_back(operation);
    }
  }
  Tree End(const std::function<bool()>& survives) && {
    Settle([](const Operation&) { return true; }, survives);
    return std::move(disk_);
  }

 private:
  using Which = std::function<bool(const Operation&)>;

  static Which OfFile(size_t inode) {
    return [inode](const Operation& one) { return !IsOfFolder(one) && one.inode == inode; };
  }
  void Settle(const Which& which, const std::function<bool()>& survives) {
    std::vector<Operation> left;
    for (Operation& operation : pending_) {
      if (!which(operation)) {
        left.push_back(std::move(operation));
      } else if (operation.change == Change::kWrite) {
        Write(operation, survives);
      } else if (survives()) {
        disk_.Apply(operation);
      }
    }
    pending_ = std::move(left);
  }
  void Write(const Operation& write, const std::function<bool()>& survives) {
    for (size_t done = 0; done < write.bytes.size();) {
      const size_t rest = kSector - (write.at + done) % kSector;
      Operation sector = write;
      sector.at = write.at + done;
      sector.bytes = write.bytes.substr(done, rest);
      if (survives()) disk_.Apply(sector);
      done += sector.bytes.size();
    }
  }

  Tree disk_;
  std::vector<Operation> pending_;
};

// As SQLite's own layer for Linux tells it what the system said.
int CodeFor(DiskFault fault, Change change) {
  switch (change) {
    case Change::kCreate:
      return fault == DiskFault::kReadOnly ? SQLITE_READONLY_DIRECTORY : SQLITE_CANTOPEN;
    case Change::kDelete:
      return SQLITE_IOERR_DELETE;
    case Change::kWrite:
      return fault == DiskFault::kFull ? SQLITE_FULL : SQLITE_IOERR_WRITE;
    case Change::kTruncate:
      return SQLITE_IOERR_TRUNCATE;
    case Change::kSyncFolder:
      return SQLITE_IOERR_DIR_FSYNC;
    default:
      return SQLITE_IOERR_FSYNC;
  }
}

}  // namespace

// What SQLite calls, and what it calls it on.
struct FaultyDisk::Layer {
  explicit Layer(Image files);
  ~Layer() { sqlite3_vfs_unregister(&vfs); }

  // Does it, unless it is to fail; a SQLite code.
  int Do(Operation operation);
  size_t NewInode() {
    live.inodes.emplace_back();
    return live.inodes.size() - 1;
  }

  struct Handle {
    sqlite3_file base;
    Layer* layer;
    size_t inode;
    bool temporary;      // without a name: no power cut asks for it
    bool name_unsynced;  // a new journal's
  };
  static Layer& Of(sqlite3_vfs* vfs) { return *static_cast<Layer*>(vfs->pAppData); }
  static Handle& Of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }
  static std::string& Contents(sqlite3_file* file) {
    return Of(file).layer->live.Contents(Of(file).inode);
  }

  static int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* opened);
  static int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder);
  static int Access(sqlite3_vfs* vfs, const char* path, int flags, int* result);
  static int Read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset);
  static int Write(sqlite3_file* file, const void* from, int count, sqlite3_int64 offset);
  static int Truncate(sqlite3_file* file, sqlite3_int64 size);
  static int Sync(sqlite3_file* file, int flags);
  static const sqlite3_io_methods* Methods();

  Tree begun, live;
  std::vector<Operation> done;
  std::optional<DiskFault> fault;
  size_t before_fault = 0;
  bool for_good = false, failed = false;
  size_t syncs_failed = 0;
  std::string name;
  sqlite3_vfs vfs{};
};

FaultyDisk::Layer::Layer(Image files) {
  static std::atomic<int> disks{0};
  name = absl::StrCat("faulty-disk-", ++disks);
  for (auto& [path, contents] : files) {
    live.names[path] = live.inodes.size();
    live.inodes.push_back(std::move(contents));
  }
  begun = live;
  vfs = *sqlite3_vfs_find(nullptr);  // the system's, for clocks, random numbers and names
  vfs.iVersion = 1;
  vfs.szOsFile = sizeof(Handle);
  vfs.pNext = nullptr;
  vfs.zName = name.c_str();
  vfs.pAppData = this;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) std::abort();
}

int FaultyDisk::Layer::Do(Operation operation) {
  const bool fails = fault && (before_fault == 0 || --before_fault == 0) && (for_good || !failed);
  const int code = fails ? CodeFor(*fault, operation.change) : SQLITE_OK;
  if (fails) {
    failed = true;
    const bool sync =
        operation.change == Change::kSyncFile || operation.change == Change::kSyncFolder;
    syncs_failed += sync ? 1 : 0;
    if (operation.change == Change::kSyncFile) {
      operation.change = Change::kSyncFailed;
    } else if (operation.change == Change::kWrite && *fault != DiskFault::kReadOnly) {
      operation.bytes.resize(operation.bytes.size() / 2);
    } else {
      return code;
    }
  }
  live.Apply(operation);
  done.push_back(std::move(operation));
  return code;
}

int FaultyDisk::Layer::Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags,
                            int* opened) {
  Layer& layer = Of(vfs);
  file->pMethods = nullptr;
  const std::string name = path == nullptr ? "" : path;
  const auto known = layer.live.names.find(name);
  const bool is_new = known == layer.live.names.end();
  const size_t inode = is_new ? layer.NewInode() : known->second;
  if (is_new && (flags & SQLITE_OPEN_MAIN_DB) != 0) {
    layer.begun.names[name] = layer.live.names[name] = inode;
  } else if (is_new && !name.empty()) {
    if ((flags & SQLITE_OPEN_CREATE) == 0) return SQLITE_CANTOPEN;
    const int code = layer.Do({Change::kCreate, name, inode, 0, ""});
    if (code != SQLITE_OK) return code;
  }
  Handle& handle = Of(file);
  handle.layer = &layer;
  handle.inode = inode;
  handle.temporary = name.empty();
  handle.name_unsynced =
      (flags & SQLITE_OPEN_CREATE) != 0 && (flags & SQLITE_OPEN_MAIN_JOURNAL) != 0;
  file->pMethods = Methods();
  if (opened != nullptr) *opened = flags;
  return SQLITE_OK;
}

int FaultyDisk::Layer::Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  Layer& layer = Of(vfs);
  if (layer.live.names.count(path) == 0) return SQLITE_IOERR_DELETE_NOENT;
  const int code = layer.Do({Change::kDelete, path, 0, 0, ""});
  if (code != SQLITE_OK || sync_folder == 0) return code;
  return layer.Do({Change::kSyncFolder, "", 0, 0, ""});
}

int FaultyDisk::Layer::Access(sqlite3_vfs* vfs, const char* path, int, int* result) {
  *result = Of(vfs).live.names.count(path) > 0 ? 1 : 0;
  return SQLITE_OK;
}

int FaultyDisk::Layer::Read(sqlite3_file* file, void* to, int count, sqlite3_int64 offset) {
  const std::string& contents = Contents(file);
  const auto wanted = static_cast<size_t>(count);
  const size_t begin = std::min(static_cast<size_t>(offset), contents.size());
  const size_t there = std::min(wanted, contents.size() - begin);
  std::memset(to, 0, wanted);
  std::memcpy(to, contents.data() + begin, there);
  return there == wanted ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int FaultyDisk::Layer::Write(sqlite3_file* file, const void* from, int count,
                             sqlite3_int64 offset) {
  Operation write{Change::kWrite, "", Of(file).inode, static_cast<size_t>(offset),
                  std::string(static_cast<const char*>(from), static_cast<size_t>(count))};
  if (!Of(file).temporary) return Of(file).layer->Do(std::move(write));
  Of(file).layer->live.Apply(write);
  return SQLITE_OK;
}

int FaultyDisk::Layer::Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return Of(file).layer->Do({Change::kTruncate, "", Of(file).inode, static_cast<size_t>(size), ""});
}

int FaultyDisk::Layer::Sync(sqlite3_file* file, int) {
  Handle& handle = Of(file);
  const int code = handle.layer->Do({Change::kSyncFile, "", handle.inode, 0, ""});
  if (code != SQLITE_OK || !handle.name_unsynced) return code;
  handle.name_unsynced = false;
  return handle.layer->Do({Change::kSyncFolder, "", 0, 0, ""});
}

const sqlite3_io_methods* FaultyDisk::Layer::Methods() {
  static const sqlite3_io_methods methods = [] {
    sqlite3_io_methods made{};
    made.iVersion = 1;
    made.xClose = [](sqlite3_file*) { return SQLITE_OK; };
    made.xRead = Read;
    made.xWrite = Write;
    made.xTruncate = Truncate;
    made.xSync = Sync;
    made.xFileSize = [](sqlite3_file* file, sqlite3_int64* size) {
      *size = static_cast<sqlite3_int64>(Contents(file).size());
      return SQLITE_OK;
    };
    // One connection at a time is all that looks at such a disk.
    made.xLock = [](sqlite3_file*, int) { return SQLITE_OK; };
    made.xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; };
    made.xCheckReservedLock = [](sqlite3_file*, int* locked) {
      *locked = 0;
      return SQLITE_OK;
    };
    made.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
    // As for files on Linux: a write that is cut spoils no byte beside it.
    made.xSectorSize = [](sqlite3_file*) { return 4096; };
    made.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; };
    return made;
  }();
  return &methods;
}

FaultyDisk::FaultyDisk(Image files) : layer_(std::make_unique<Layer>(std::move(files))) {}
FaultyDisk::~FaultyDisk() = default;

const std::string& FaultyDisk::vfs() const { return layer_->name; }
FaultyDisk::Image FaultyDisk::files() const { return layer_->live.Files(); }
size_t FaultyDisk::operations() const { return layer_->done.size(); }
size_t FaultyDisk::syncs_failed() const { return layer_->syncs_failed; }
bool FaultyDisk::has_failed() const { return layer_->failed; }

FaultyDisk::Image FaultyDisk::AfterPowerCut(size_t operations,
                                            const std::function<bool()>& survives) const {
  Unsynced unsynced(layer_->begun);
  for (size_t i = 0; i < std::min(operations, layer_->done.size()); ++i) {
    unsynced.Take(layer_->done[i], survives);
  }
  return std::move(unsynced).End(survives).Files();
}

void FaultyDisk::FailAt(size_t operation, DiskFault fault, bool for_good) {
  layer_->fault = fault;
  layer_->before_fault = operation;
  layer_->for_good = for_good;
  layer_->failed = false;
}

void FaultyDisk::Mend() { layer_->fault.reset(); }

}  // namespace slogate::fake
