#include "tests/testing/syscall_killer.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

namespace slogate::fake {
namespace {

long Trace(__ptrace_request request, pid_t pid, uintptr_t data) {
  return ::ptrace(request, pid, nullptr, data);
}

// The signal that the child stopped with; nullopt where it has ended, which Child::Wait is to hear.
std::optional<int> NextStop(pid_t pid) {
  siginfo_t change{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &change, WEXITED | WSTOPPED | WNOWAIT) != 0) {
    if (errno != EINTR) std::abort();
  }
  if (change.si_code != CLD_TRAPPED && change.si_code != CLD_STOPPED) return std::nullopt;
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status)) std::abort();
  return WSTOPSIG(status);
}

std::string TextAt(pid_t pid, uint64_t address) {
  std::string text;
  char bytes[256];
  // By pieces that lie within one page: what follows the text may not be mapped.
  for (;;) {
    const size_t left = sizeof bytes - address % sizeof bytes;
    const iovec here{bytes, left};
    // Another process's memory has no pointers here.
    iovec there{};
    there.iov_len = left;
    std::memcpy(&there.iov_base, &address, sizeof there.iov_base);
    const ssize_t got = ::process_vm_readv(pid, &here, 1, &there, 1, 0);
    if (got <= 0) return text;
    const absl::string_view piece(bytes, static_cast<size_t>(got));
    const size_t end = piece.find('\0');
    absl::StrAppend(&text, piece.substr(0, end));
    if (end != absl::string_view::npos) return text;
    address += static_cast<size_t>(got);
  }
}

bool Opens(pid_t pid, const __ptrace_syscall_info& call, const std::string& file) {
  if (call.entry.nr == SYS_openat) {
    return absl::EndsWith(TextAt(pid, call.entry.args[1]), file);
  }
#ifdef SYS_open
  if (call.entry.nr == SYS_open) return absl::EndsWith(TextAt(pid, call.entry.args[0]), file);
#endif
  return false;
}

// Whether nobody else can tell that it was made. What is not listed is counted.
bool ChangesNothing(const __ptrace_syscall_info& call) {
  switch (call.entry.nr) {
    case SYS_openat:
      return (call.entry.args[2] & (O_CREAT | O_TRUNC)) == 0;
    case SYS_read:
    case SYS_pread64:
    case SYS_readv:
    case SYS_recvfrom:
    case SYS_lseek:
    case SYS_fstat:
    case SYS_newfstatat:
    case SYS_statfs:
    case SYS_fstatfs:
    case SYS_readlinkat:
    case SYS_faccessat:
    case SYS_getcwd:
    case SYS_brk:
    case SYS_mmap:
    case SYS_munmap:
    case SYS_mremap:
    case SYS_mprotect:
    case SYS_madvise:
    case SYS_futex:
    case SYS_getpid:
    case SYS_geteuid:
    case SYS_getrandom:
    case SYS_ppoll:
    case SYS_getsockopt:
    case SYS_getsockname:
    case SYS_getpeername:
    case SYS_rt_sigaction:
    case SYS_rt_sigprocmask:
#ifdef __x86_64__  // which has older forms of some
    case SYS_stat:
    case SYS_lstat:
    case SYS_access:
    case SYS_readlink:
    case SYS_poll:
#endif
      return true;
    default:
      return false;
  }
}

}  // namespace

std::optional<std::string> CannotTrace() {
  const pid_t pid = ::fork();
  if (pid < 0) std::abort();
  if (pid == 0) {
    ::_exit(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : errno);
  }
  int status = 0;
  if (::waitpid(pid, &status, 0) != pid) std::abort();
  const int error = WIFEXITED(status) ? WEXITSTATUS(status) : EPERM;
  if (error == 0) return std::nullopt;
  return absl::StrCat("programs cannot be traced here: ", std::strerror(error));
}

size_t RunUntilCall(Child& child, const std::string& file, size_t call) {
  constexpr int kSyscallStop = SIGTRAP | 0x80;  // PTRACE_O_TRACESYSGOOD
  const pid_t pid = child.pid();
  if (!NextStop(pid)) return 0;  // else it stands before the program's first instruction
  if (Trace(PTRACE_SETOPTIONS, pid, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) != 0) std::abort();
  bool counting = false;
  size_t calls = 0;
  int signal = 0;
  for (;;) {
    if (Trace(PTRACE_SYSCALL, pid, static_cast<uintptr_t>(signal)) != 0) return calls;
    const std::optional<int> stop = NextStop(pid);
    if (!stop) return calls;
    signal = *stop == kSyscallStop ? 0 : *stop;
    if (signal != 0) continue;
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0) std::abort();
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) continue;
    counting = counting || Opens(pid, info, file);
    if (!counting || ChangesNothing(info)) continue;
    if (++calls == call) {
      child.Signal(SIGKILL);
      return calls;
    }
  }
}

}  // namespace slogate::fake
