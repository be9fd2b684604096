/* A fixed "now" for programs under test: SYSUTILS_TEST_NOW and SYSUTILS_TEST_UPTIME, in seconds.
   CLOCK_MONOTONIC keeps running, so that waiting still works. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static int fixed(const char *name, struct timespec *out)
{
	const char *text = getenv(name);
	char *end;
	if (!text)
		return 0;
	out->tv_sec = strtoll(text, &end, 10);
	out->tv_nsec = *end == '.' ? (long)(strtod(end, NULL) * 1e9) : 0;
	return 1;
}

int clock_gettime(clockid_t clock, struct timespec *out)
{
	if ((clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) &&
	    fixed("SYSUTILS_TEST_NOW", out))
		return 0;
	if (clock == CLOCK_BOOTTIME && fixed("SYSUTILS_TEST_UPTIME", out))
		return 0;
	return syscall(SYS_clock_gettime, clock, out);
}

time_t time(time_t *out)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (out)
		*out = now.tv_sec;
	return now.tv_sec;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	out->tv_sec = now.tv_sec;
	out->tv_usec = now.tv_nsec / 1000;
	return 0;
}
