#include "gate/ledger/sqlite_file.h"

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

struct FileSystem {
  uint32_t type;
  absl::string_view name;
};
constexpr FileSystem kNetworks[] = {
    {0x00006969, "NFS"},      {0x0000517b, "SMB"},  {0xfe534d42, "SMB2"},   {0xff534d42, "CIFS"},
    {0x5346414f, "AFS"},      {0x6b414653, "AFS"},  {0x00c36400, "Ceph"},   {0x0bd00bd0, "Lustre"},
    {0x01021997, "9P"},       {0x73757245, "Coda"}, {0x0000564c, "NCP"},    {0x01161970, "GFS2"},
    {0x7461636f, "OCFS2"},    {0x47504653, "GPFS"}, {0x19830326, "BeeGFS"}, {0xaad7aaea, "PanFS"},
    {0x20030528, "OrangeFS"}, {0x65735546, "FUSE"},
};

}  // namespace

absl::string_view NetworkFileSystem(uint32_t type) {
  for (const FileSystem& network : kNetworks) {
    if (network.type == type) return network.name;
  }
  return "";
}

absl::Status JudgeFile(const DiskFile& file) {
  if (!file.is_regular) {
    return absl::FailedPreconditionError("it is no regular file, so no ledger can be in it");
  }
  if (const absl::string_view network = NetworkFileSystem(file.file_system); !network.empty()) {
    return absl::FailedPreconditionError(
        absl::StrCat("it lies on ", network,
                     ", whose locks and syncs nobody can count on: keep it on a disk of this "
                     "machine, or keep the ledger in PostgreSQL"));
  }
  if ((file.mode & 0022) != 0) {
    return absl::FailedPreconditionError(
        "others than its owner may write to it, and so could write anything into it: chmod go-w");
  }
  if (file.links > 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("it has ", file.links,
                     " names (hard links), and after a crash SQLite mends it by one of them "
                     "alone: remove the others"));
  }
  return absl::OkStatus();
}

}  // namespace slogate
