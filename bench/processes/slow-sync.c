/* Loaded before Node (LD_PRELOAD): every sync of a file takes a millisecond more, as on the disk of a cloud or a laptop. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

#define REAL(name) ((typeof(name) *)dlsym(RTLD_NEXT, #name))

int fsync(int);
int fdatasync(int);

static void wait_a_millisecond(void) {
  struct timespec millisecond = {0, 1000000};
  nanosleep(&millisecond, 0);
}

int fsync(int file) {
  wait_a_millisecond();
  return REAL(fsync)(file);
}

int fdatasync(int file) {
  wait_a_millisecond();
  return REAL(fdatasync)(file);
}
