/* Stands in for a machine whose clocks are set or that is suspended: loaded into a program with LD_PRELOAD, it adds to
 * what the clocks say the two numbers of CLOCK_STAND_IN, a file of two 64-bit integers that a test may change at any
 * time. The first, in nanoseconds, is for the wall clock alone; the second for the clock that runs through a suspension.
 * As in a real suspension, waiting in poll(2) is no shorter for it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t none[2], *offsets = none;
static int (*real_clock)(clockid_t, struct timespec *);
static int (*real_timer)(int, int, const struct itimerspec *, struct itimerspec *);
static int (*real_make)(int, int);
static clockid_t clocks[4096];

__attribute__((constructor)) static void begin(void) {
  real_clock = dlsym(RTLD_NEXT, "clock_gettime");
  real_timer = dlsym(RTLD_NEXT, "timerfd_settime");
  real_make = dlsym(RTLD_NEXT, "timerfd_create");
  const char *path = getenv("CLOCK_STAND_IN");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file < 0) return;
  void *shared = mmap(NULL, 16, PROT_READ, MAP_SHARED, file, 0);
  if (shared != MAP_FAILED) offsets = shared;
  close(file);
}

static int64_t offset(clockid_t clock) {
  switch (clock) {
  case CLOCK_REALTIME: case CLOCK_REALTIME_COARSE: return offsets[0];
  case CLOCK_BOOTTIME: return offsets[1];
  default: return 0;
  }
}

static struct timespec moved(struct timespec time, int64_t by) {
  int64_t all = (int64_t)time.tv_sec * 1000000000 + time.tv_nsec + by;
  if (all < 0) all = 0;
  return (struct timespec){.tv_sec = all / 1000000000, .tv_nsec = all % 1000000000};
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!real_clock) begin();
  int status = real_clock(clock, time);
  if (status == 0) *time = moved(*time, offset(clock));
  return status;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
  (void)zone;
  struct timespec now;
  int status = clock_gettime(CLOCK_REALTIME, &now);
  if (status == 0) *time = (struct timeval){.tv_sec = now.tv_sec, .tv_usec = now.tv_nsec / 1000};
  return status;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}

int timerfd_create(int clock, int flags) {
  if (!real_make) begin();
  int timer = real_make(clock, flags);
  if (timer >= 0 && timer < 4096) clocks[timer] = clock;
  return timer;
}

/* A deadline that was reckoned by a clock of ours has to be told to the kernel in its own. */
int timerfd_settime(int timer, int flags, const struct itimerspec *when, struct itimerspec *before) {
  struct itimerspec own = *when;
  int isSet = own.it_value.tv_sec || own.it_value.tv_nsec;
  if (isSet && (flags & TFD_TIMER_ABSTIME) && timer >= 0 && timer < 4096) {
    own.it_value = moved(own.it_value, -offset(clocks[timer]));
    if (!own.it_value.tv_sec && !own.it_value.tv_nsec) own.it_value.tv_nsec = 1;
  }
  return real_timer(timer, flags, &own, before);
}
