/* LD_PRELOAD: a disk that takes writes and never confirms them. fsync and fdatasync wait for as
   long as the file that HUNG_DISK names is there. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void wait_for_the_disk(void) {
  const char* const sign = getenv("HUNG_DISK");
  const struct timespec pause = {0, 20 * 1000 * 1000};
  while (sign != NULL && access(sign, F_OK) == 0) nanosleep(&pause, NULL);
}

int fdatasync(int file) {
  wait_for_the_disk();
  return (int)syscall(SYS_fdatasync, file);
}

int fsync(int file) {
  wait_for_the_disk();
  return (int)syscall(SYS_fsync, file);
}
