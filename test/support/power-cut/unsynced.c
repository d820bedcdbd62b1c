/*
 * Loaded before Node (LD_PRELOAD): keeps a journal of what a process writes to the files of one folder and of what it
 * syncs, so that whoever reads the journal knows what a disk would hold after a power cut; and cuts the power itself, with
 * SIGKILL, at the n-th entry.
 *
 * POWER_CUT_FOLDER   files below it count, but for SQLite's -shm, which is memory and not a promise
 * POWER_CUT_JOURNAL  where the journal is written
 * POWER_CUT_AT       the entry after which the process dies; 0 or nothing: never
 *
 * An entry is 32 bytes (kind, length of the path, offset, length of the bytes: little-endian 64-bit numbers), the path,
 * the bytes. Kinds: 'w' bytes at an offset, 't' the file's new length as offset, 's' everything before is on the disk,
 * 'l' the bytes are another name of the file, 'u' the name is gone. A name counts as on the disk at once: what it names
 * may still be empty then.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096

static char *paths[MOST_FILES]; /* by file descriptor; NULL for what does not count */
static int journal = -1;
static uint64_t entries = 0, cut_at = 0;
static const char *folder = NULL;
static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ((typeof(name) *)dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
  const char *path = getenv("POWER_CUT_JOURNAL");
  const char *at = getenv("POWER_CUT_AT");
  folder = getenv("POWER_CUT_FOLDER");
  if (at) cut_at = strtoull(at, NULL, 10);
  if (path) journal = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void enter(char kind, const char *path, uint64_t offset, const void *bytes, uint64_t length) {
  uint64_t head[4] = {(uint64_t)kind, strlen(path), offset, length};
  struct iovec parts[3] = {{head, sizeof head}, {(void *)path, head[1]}, {(void *)bytes, length}};
  pthread_mutex_lock(&turn);
  (void)!writev(journal, parts, 3);
  if (++entries == cut_at) kill(getpid(), SIGKILL);
  pthread_mutex_unlock(&turn);
}

static const char *path_of(int file) {
  return journal >= 0 && file >= 0 && file < MOST_FILES ? paths[file] : NULL;
}

static int counts(const char *path) {
  size_t length = strlen(path);
  if (journal < 0 || folder == NULL || strncmp(path, folder, strlen(folder)) != 0) return 0;
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static int opened(int file, const char *path, int flags) {
  if (file < 0 || file >= MOST_FILES || !counts(path)) return file;
  free(paths[file]);
  paths[file] = strdup(path);
  if (flags & O_TRUNC) enter('t', path, 0, "", 0);
  return file;
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return opened(REAL(open)(path, flags, mode), path, flags);
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return opened(REAL(open64)(path, flags, mode), path, flags);
}

int close(int file) {
  if (path_of(file)) {
    free(paths[file]);
    paths[file] = NULL;
  }
  return REAL(close)(file);
}

static ssize_t wrote(int file, ssize_t length, off_t at, const void *bytes) {
  const char *path = path_of(file);
  if (path && length > 0) enter('w', path, (uint64_t)at, bytes, (uint64_t)length);
  return length;
}

ssize_t write(int file, const void *bytes, size_t length) {
  off_t at = path_of(file) ? lseek(file, 0, SEEK_CUR) : 0;
  return wrote(file, REAL(write)(file, bytes, length), at, bytes);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at) {
  return wrote(file, REAL(pwrite)(file, bytes, length, at), at, bytes);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at) {
  return wrote(file, REAL(pwrite64)(file, bytes, length, at), at, bytes);
}

static int cut_short(int file, int result, off_t length) {
  const char *path = path_of(file);
  if (path && result == 0) enter('t', path, (uint64_t)length, "", 0);
  return result;
}

int ftruncate(int file, off_t length) { return cut_short(file, REAL(ftruncate)(file, length), length); }

int ftruncate64(int file, off64_t length) { return cut_short(file, REAL(ftruncate64)(file, length), length); }

/* The disk of this test is the journal: waiting for the real one as well would prove nothing more. */
static int synced(int file, int (*real)(int)) {
  const char *path = path_of(file);
  if (path == NULL) return real(file);
  enter('s', path, 0, "", 0);
  return 0;
}

int fsync(int file) { return synced(file, REAL(fsync)); }

int fdatasync(int file) { return synced(file, REAL(fdatasync)); }

int link(const char *path, const char *name) {
  int result = REAL(link)(path, name);
  if (result == 0 && counts(path)) enter('l', path, 0, name, strlen(name));
  return result;
}

int unlink(const char *path) {
  int result = REAL(unlink)(path);
  if (result == 0 && counts(path)) enter('u', path, 0, "", 0);
  return result;
}
