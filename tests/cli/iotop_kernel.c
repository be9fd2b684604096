/* Loaded into iotop, the classic or ours (LD_PRELOAD), it stands between it and the kernel's counters:
 * taskstats and /proc/vmstat tell what the test wrote down for each frame, and the time between two frames
 * is as long as the test says, without waiting.
 *
 * IOTOP_COUNTERS: a file of lines "TID FRAME READ WRITE SWAPIN BLKIO"; other threads have counted nothing.
 * IOTOP_VMSTAT, IOTOP_DELAYACCT: files in place of those in /proc; the first is followed by ".FRAME".
 * IOTOP_STEP: nanoseconds from frame to frame. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>

enum { STATS = 36, BLKIO = 40, SWAPIN = 56, READ = 248, WRITE = 256, CANCELLED = 264 };

static int frame;

static void next_frame(void) { frame++; }

unsigned sleep(unsigned seconds) {
    (void)seconds;
    next_frame();
    return 0;
}

int clock_nanosleep(clockid_t id, int flags, const struct timespec *wait, struct timespec *left) {
    (void)id, (void)flags, (void)wait, (void)left;
    next_frame();
    return 0;
}

int nanosleep(const struct timespec *wait, struct timespec *left) {
    (void)wait, (void)left;
    next_frame();
    return 0;
}

int clock_gettime(clockid_t id, struct timespec *now) {
    const char *step = getenv("IOTOP_STEP");
    long long at = 1000000000000LL + frame * (step ? atoll(step) : 1000000000LL);
    now->tv_sec = (id == CLOCK_REALTIME ? 1770000000LL : 0) + at / 1000000000LL;
    now->tv_nsec = at % 1000000000LL;
    return 0;
}

time_t time(time_t *where) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (where)
        *where = now.tv_sec;
    return now.tv_sec;
}

static const char *instead(const char *path, char *room, size_t size) {
    const char *vmstat = getenv("IOTOP_VMSTAT"), *delayacct = getenv("IOTOP_DELAYACCT");
    if (vmstat && !strcmp(path, "/proc/vmstat")) {
        snprintf(room, size, "%s.%d", vmstat, frame);
        return room;
    }
    return delayacct && !strcmp(path, "/proc/sys/kernel/task_delayacct") ? delayacct : path;
}

#define OPEN(name)                                                                                         \
    int name(const char *path, int flags, ...) {                                                           \
        static int (*real)(const char *, int, ...);                                                        \
        char room[4096];                                                                                   \
        va_list rest;                                                                                      \
        va_start(rest, flags);                                                                             \
        int mode = va_arg(rest, int);                                                                      \
        va_end(rest);                                                                                      \
        if (!real)                                                                                         \
            real = dlsym(RTLD_NEXT, #name);                                                                \
        return real(instead(path, room, sizeof room), flags, mode);                                        \
    }
OPEN(open)
OPEN(open64)

FILE *fopen(const char *path, const char *mode) {
    static FILE *(*real)(const char *, const char *);
    char room[4096];
    if (!real)
        real = dlsym(RTLD_NEXT, "fopen");
    return real(instead(path, room, sizeof room), mode);
}

static void put(unsigned char *stats, int place, uint64_t value) { memcpy(stats + place, &value, 8); }

static void tell(unsigned char *stats, uint32_t tid) {
    const char *path = getenv("IOTOP_COUNTERS");
    FILE *file = path ? fopen(path, "r") : NULL;
    unsigned long long bytes[2] = {0, 0}, waits[2] = {0, 0}, found[4];
    unsigned of;
    int at;
    while (file && fscanf(file, "%u %d %llu %llu %llu %llu", &of, &at, found, found + 1, found + 2,
                          found + 3) == 6)
        if (of == tid && at == frame)
            memcpy(bytes, found, sizeof bytes), memcpy(waits, found + 2, sizeof waits);
    if (file)
        fclose(file);
    put(stats, READ, bytes[0]), put(stats, WRITE, bytes[1]), put(stats, CANCELLED, 0);
    put(stats, SWAPIN, waits[0]), put(stats, BLKIO, waits[1]);
}

ssize_t recv(int fd, void *buffer, size_t size, int flags) {
    static ssize_t (*real)(int, void *, size_t, int);
    if (!real)
        real = dlsym(RTLD_NEXT, "recv");
    ssize_t got = real(fd, buffer, size, flags);
    unsigned char *answer = buffer;
    if (got >= STATS + CANCELLED + 8) { /* nothing else that iotop receives is as long */
        uint32_t tid;
        memcpy(&tid, answer + 28, 4);
        tell(answer + STATS, tid);
    }
    return got;
}
