// Preloaded into a program under test: while the file FULL_DISK_SWITCH exists, no file under the folder FULL_DISK_FOLDER
// gets another block, as on a disk without room; what lies in blocks it has already can be written over. The word in
// the switch says which disk: "quota" answers EDQUOT, anything else ENOSPC. Needs no mount and no rights.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

template <typename Function> static Function *next(const char *name) {
  return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

static const off_t block = 4096;

// 0 where the disk has room, else the errno that a full one answers.
static int full() {
  const char *path = getenv("FULL_DISK_SWITCH");
  if (!path) return 0;
  const int file = open(path, O_RDONLY);
  if (file < 0) return 0;
  char word[6] = {};
  const ssize_t got = read(file, word, 5);
  close(file);
  return got == 5 && strcmp(word, "quota") == 0 ? EDQUOT : ENOSPC;
}

static bool watched(int file) {
  const char *folder = getenv("FULL_DISK_FOLDER");
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  if (!folder || length <= 0) return false;
  path[length] = 0;
  const size_t prefix = strlen(folder);
  return strncmp(path, folder, prefix) == 0 && path[prefix] == '/';
}

// How much of a write at `at` goes through; -1 with errno where nothing does.
static ssize_t room(int file, off_t at, size_t wanted) {
  const int saved = errno;
  const int refusal = full();
  struct stat about;
  errno = saved;
  if (refusal == 0 || !watched(file) || fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) return wanted;
  const off_t end = (about.st_size + block - 1) / block * block;
  if (at + (off_t)wanted <= end) return wanted;
  if (at < end) return end - at;
  errno = refusal;
  return -1;
}

static off_t position(int file) {
  struct stat about;
  const int flags = fcntl(file, F_GETFL);
  if (flags >= 0 && (flags & O_APPEND) && fstat(file, &about) == 0) return about.st_size;
  return lseek(file, 0, SEEK_CUR);
}

extern "C" ssize_t write(int file, const void *bytes, size_t count) {
  static auto real = next<ssize_t(int, const void *, size_t)>("write");
  const off_t at = position(file);
  const ssize_t fits = at < 0 ? (ssize_t)count : room(file, at, count);
  return fits < 0 ? -1 : real(file, bytes, fits);
}

extern "C" ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  static auto real = next<ssize_t(int, const void *, size_t, off64_t)>("pwrite64");
  const ssize_t fits = room(file, at, count);
  return fits < 0 ? -1 : real(file, bytes, fits, at);
}

extern "C" ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) { return pwrite64(file, bytes, count, at); }

extern "C" ssize_t pwritev64(int file, const iovec *parts, int count, off64_t at) {
  static auto real = next<ssize_t(int, const iovec *, int, off64_t)>("pwritev64");
  size_t wanted = 0;
  for (int part = 0; part < count; part++) wanted += parts[part].iov_len;
  const ssize_t fits = room(file, at, wanted);
  if (fits < 0) return -1;
  return (size_t)fits == wanted ? real(file, parts, count, at) : pwrite64(file, parts[0].iov_base, fits < (ssize_t)parts[0].iov_len ? fits : parts[0].iov_len, at);
}

extern "C" ssize_t pwritev(int file, const iovec *parts, int count, off_t at) { return pwritev64(file, parts, count, at); }

// What copies a file without passing it through the program: it starts at the position of the copy.
extern "C" ssize_t sendfile64(int to, int from, off64_t *at, size_t count) {
  static auto real = next<ssize_t(int, int, off64_t *, size_t)>("sendfile64");
  const off_t end = position(to);
  const ssize_t fits = end < 0 ? (ssize_t)count : room(to, end, count);
  return fits < 0 ? -1 : real(to, from, at, fits);
}

extern "C" ssize_t sendfile(int to, int from, off_t *at, size_t count) { return sendfile64(to, from, at, count); }

extern "C" ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t count, unsigned flags) {
  static auto real = next<ssize_t(int, off64_t *, int, off64_t *, size_t, unsigned)>("copy_file_range");
  const ssize_t fits = room(to, to_at ? *to_at : position(to), count);
  return fits < 0 ? -1 : real(from, from_at, to, to_at, fits, flags);
}

static int reserve(int file, off_t at, off_t length) {
  return room(file, at, length) == length ? 0 : full();
}

extern "C" int posix_fallocate(int file, off_t at, off_t length) {
  static auto real = next<int(int, off_t, off_t)>("posix_fallocate");
  const int refusal = reserve(file, at, length);
  return refusal ? refusal : real(file, at, length);
}

extern "C" int fallocate(int file, int mode, off_t at, off_t length) {
  static auto real = next<int(int, int, off_t, off_t)>("fallocate");
  const int refusal = reserve(file, at, length);
  if (!refusal) return real(file, mode, at, length);
  errno = refusal;
  return -1;
}
