/* A disk that hangs, for the tests: LD_PRELOAD. fdatasync does not return while the file that HELD_DISK
 * names exists. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int fdatasync(int file) {
  int (*real)(int);
  *(void **)&real = dlsym(RTLD_NEXT, "fdatasync");
  const char *const path = getenv("HELD_DISK");
  const struct timespec pause = {0, 10000000};
  while (path != NULL && access(path, F_OK) == 0) nanosleep(&pause, NULL);
  return real(file);
}
