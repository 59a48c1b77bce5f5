/* Runs one program once and tells what it cost: launch OUTPUT PROGRAM [ARGUMENT…]
 *
 * What the program prints goes to the file OUTPUT, its input is empty. Printed is one line: nanoseconds of wall time,
 * microseconds of processor time, KiB of the largest process among it and its children, exit code (128 and more: signal).
 * A program of its own, and a static one, because Linux counts the peak of whoever started a process as the beginning of
 * that process's own: started by Python, nothing would be smaller than Python. */
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static long long nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static long long microseconds(struct timeval time) { return time.tv_sec * 1000000LL + time.tv_usec; }

int main(int count, char **words) {
    if (count < 3) errx(64, "launch OUTPUT PROGRAM [ARGUMENT...]");
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, words[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&files, 1, 2);

    pid_t child;
    int status;
    struct rusage usage;
    long long begin = nanoseconds();
    int problem = posix_spawnp(&child, words[2], &files, NULL, words + 2, environ);
    if (problem) {
        errno = problem;
        err(69, "%s", words[2]);
    }
    while (wait4(child, &status, 0, &usage) < 0)
        if (errno != EINTR) err(70, "wait4");
    long long end = nanoseconds();

    printf("%lld %lld %ld %d\n", end - begin, microseconds(usage.ru_utime) + microseconds(usage.ru_stime),
           usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
