/* Made-up file systems for programs under test. The file named by SYSUTILS_TEST_STATVFS has a line each:
     PATH DEVICE UNIT BLOCKS FREE AVAILABLE FILES FREE_FILES
   DEVICE is MAJOR:MINOR, or - where stat(2) asks the system; in place of UNIT and what follows there may
   be -ERRNO, or the word hang; with a DEVICE of hang stat(2) never answers either. Blanks in a path are octal, as in mountinfo. A path without a line is asked
   of the system. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void decode(char *text)
{
	char *out = text;
	for (; *text; text++)
		if (text[0] == '\\' && text[1] && text[2] && text[3]) {
			*out++ = (text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0');
			text += 3;
		} else
			*out++ = *text;
	*out = 0;
}

/* The rest of the line for `path` after its device, in `line`; NULL without one. */
static char *row(const char *path, char *line, size_t size, char device[64])
{
	const char *name = getenv("SYSUTILS_TEST_STATVFS");
	FILE *table = name ? fopen(name, "re") : NULL;
	char point[4096];
	int at;
	while (table && fgets(line, size, table)) {
		if (sscanf(line, "%4095s %63s %n", point, device, &at) < 2)
			continue;
		decode(point);
		if (!strcmp(point, path)) {
			fclose(table);
			return line + at;
		}
	}
	if (table)
		fclose(table);
	return NULL;
}

int statvfs(const char *path, struct statvfs *out)
{
	char line[8192], device[64];
	unsigned long long v[6] = { 0 };
	struct statfs real;
	char *rest = row(path, line, sizeof line, device);
	memset(out, 0, sizeof *out);
	if (rest) {
		if (!strncmp(rest, "hang", 4))
			for (;;)
				pause();
		if (*rest == '-') {
			errno = atoi(rest + 1);
			return -1;
		}
		sscanf(rest, "%llu %llu %llu %llu %llu %llu", v, v + 1, v + 2, v + 3, v + 4, v + 5);
		out->f_bsize = out->f_frsize = v[0];
		out->f_blocks = v[1];
		out->f_bfree = v[2];
		out->f_bavail = v[3];
		out->f_files = v[4];
		out->f_ffree = out->f_favail = v[5];
		out->f_namemax = 255;
		return 0;
	}
	if (statfs(path, &real))
		return -1;
	out->f_bsize = real.f_bsize;
	out->f_frsize = real.f_frsize ? real.f_frsize : real.f_bsize;
	out->f_blocks = real.f_blocks;
	out->f_bfree = real.f_bfree;
	out->f_bavail = real.f_bavail;
	out->f_files = real.f_files;
	out->f_ffree = out->f_favail = real.f_ffree;
	out->f_namemax = real.f_namelen;
	return 0;
}

int statvfs64(const char *path, struct statvfs64 *out)
{
	return statvfs(path, (struct statvfs *)out); /* one layout where long has 64 bits */
}

int stat(const char *restrict path, struct stat *restrict out)
{
	char line[8192], device[64];
	unsigned int major, minor;
	char *rest = row(path, line, sizeof line, device);
	if (rest && !strcmp(device, "hang"))
		for (;;)
			pause();
	if (!rest || sscanf(device, "%u:%u", &major, &minor) != 2)
		return fstatat(AT_FDCWD, path, out, 0);
	memset(out, 0, sizeof *out);
	out->st_mode = S_IFDIR | 0755;
	out->st_dev = makedev(major, minor);
	out->st_ino = 2;
	return 0;
}

int stat64(const char *restrict path, struct stat64 *restrict out)
{
	return stat(path, (struct stat *)out);
}
