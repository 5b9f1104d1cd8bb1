/* Preloaded into the daemon by tests: a wall clock that a test sets while the daemon runs, and what
 * the kernel says of NTP. The file that SET_CLOCK names holds three numbers of 64 bits: by how many
 * nanoseconds the wall clock and the time since boot differ from the machine's, and whether NTP
 * keeps the clock in time (1, 0, or -1 where the kernel does not tell). The monotonic clock, by which
 * the daemon waits, is the machine's. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

static volatile const int64_t* settings;
static int (*real_clock_gettime)(clockid_t, struct timespec*);

__attribute__((constructor)) static void open_settings(void) {
  real_clock_gettime = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  const char* const path = getenv("SET_CLOCK");
  const int file = path != NULL ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void* const memory = mmap(NULL, 3 * sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
  if (memory != MAP_FAILED) settings = memory;
  close(file);
}

int clock_gettime(clockid_t clock, struct timespec* out) {
  if (real_clock_gettime == NULL) {
    real_clock_gettime = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  }
  const int result = real_clock_gettime(clock, out);
  if (result != 0 || settings == NULL) return result;
  int64_t by = 0;
  if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) by = settings[0];
  if (clock == CLOCK_BOOTTIME) by = settings[1];
  const int64_t nanoseconds = (int64_t)out->tv_sec * 1000000000 + out->tv_nsec + by;
  out->tv_sec = nanoseconds / 1000000000;
  out->tv_nsec = nanoseconds % 1000000000;
  if (out->tv_nsec < 0) {
    out->tv_nsec += 1000000000;
    out->tv_sec -= 1;
  }
  return 0;
}

time_t time(time_t* out) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (out != NULL) *out = now.tv_sec;
  return now.tv_sec;
}

int gettimeofday(struct timeval* restrict out, void* restrict zone) {
  (void)zone;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  out->tv_sec = now.tv_sec;
  out->tv_usec = now.tv_nsec / 1000;
  return 0;
}

int adjtimex(struct timex* out) {
  const int64_t synchronised = settings != NULL ? settings[2] : -1;
  if (synchronised < 0) {
    errno = EPERM;
    return -1;
  }
  out->status = synchronised == 1 ? STA_PLL : STA_UNSYNC;
  return synchronised == 1 ? TIME_OK : TIME_ERROR;
}
