// Preloaded into a program under test: what a power cut would leave of the folder POWER_CUT_FROM stands in POWER_CUT_TO, at
// any moment. The worst a disk that honours fsync may do: of each file exactly what it held at its last fsync or
// fdatasync, and no file that was never synced. Renames and removals are taken to be on the disk at once, as on a
// journalling file system. Killed at any point, also in the middle of this code, the folder is as after the last whole sync.
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

template <typename Function> static Function *next(const char *name) {
  return reinterpret_cast<Function *>(dlsym(RTLD_NEXT, name));
}

// Where a file of the watched folder stands in the mirror; false for any other file.
static bool mirrored(const char *path, char (&mirror)[PATH_MAX]) {
  const char *from = getenv("POWER_CUT_FROM");
  const char *to = getenv("POWER_CUT_TO");
  if (!from || !to) return false;
  const size_t length = strlen(from);
  if (strncmp(path, from, length) != 0 || path[length] != '/') return false;
  return snprintf(mirror, sizeof mirror, "%s%s", to, path + length) < (int)sizeof mirror;
}

static void make_folders_above(const char *path) {
  char folder[PATH_MAX];
  snprintf(folder, sizeof folder, "%s", path);
  for (char *slash = strchr(folder + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
    *slash = 0;
    mkdir(folder, 0700);
    *slash = '/';
  }
}

static void keep(int file) {
  char link[64], path[PATH_MAX], mirror[PATH_MAX], partial[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t length = readlink(link, path, sizeof path - 1);
  struct stat about;
  if (length <= 0 || fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) return;
  path[length] = 0;
  if (!mirrored(path, mirror)) return;
  make_folders_above(mirror);
  if (snprintf(partial, sizeof partial, "%s.partial", mirror) >= (int)sizeof partial) abort();
  const int copy = open(partial, O_CREAT | O_TRUNC | O_WRONLY, 0600);
  if (copy < 0) abort();
  static char block[1 << 16];
  for (off_t at = 0; at < about.st_size;) {
    const ssize_t got = pread(file, block, sizeof block, at);
    if (got <= 0) break;
    if (write(copy, block, got) != got) abort();
    at += got;
  }
  close(copy);
  next<int(const char *, const char *)>("rename")(partial, mirror);
}

extern "C" int fsync(int file) {
  const int result = next<int(int)>("fsync")(file);
  if (result == 0) keep(file);
  return result;
}

extern "C" int fdatasync(int file) {
  const int result = next<int(int)>("fdatasync")(file);
  if (result == 0) keep(file);
  return result;
}

extern "C" int rename(const char *from, const char *to) {
  auto real = next<int(const char *, const char *)>("rename");
  const int result = real(from, to);
  char before[PATH_MAX], after[PATH_MAX];
  // A file that was never synced replaces the other by its name alone.
  if (result == 0 && mirrored(from, before) && mirrored(to, after) && real(before, after) != 0 && errno == ENOENT) next<int(const char *)>("unlink")(after);
  return result;
}

extern "C" int unlink(const char *path) {
  auto real = next<int(const char *)>("unlink");
  const int result = real(path);
  char mirror[PATH_MAX];
  if (result == 0 && mirrored(path, mirror)) real(mirror);
  return result;
}
