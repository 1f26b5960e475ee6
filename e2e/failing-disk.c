/* A disk that fails where it is told to: for LD_PRELOAD, by the tests of durability (failing-disk.ts).
 *
 * FAILING_DISK names a file with one rule, "<operation> <part of a path> <nth> <times> <errno>": of the calls on such paths, the
 * nth and those after it, so many, fail. An empty file is a sound disk; another rule begins to count anew. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last[512];
static int count;

/* 0, or the errno that this call is to fail with. */
static int fault(const char *operation, const char *path)
{
	char rule[512] = "", op[16], part[256];
	int nth, times, code = 0, failing = 0;
	const char *file = getenv("FAILING_DISK");
	int fd = file ? open(file, O_RDONLY | O_CLOEXEC) : -1;
	if (fd < 0)
		return 0;
	ssize_t got = read(fd, rule, sizeof rule - 1);
	close(fd);
	if (got <= 0 || sscanf(rule, "%15s %255s %d %d %d", op, part, &nth, &times, &code) != 5)
		return 0;
	if (strcmp(op, operation) || !strstr(path, part))
		return 0;
	pthread_mutex_lock(&lock);
	if (strcmp(rule, last)) {
		strcpy(last, rule);
		count = 0;
	}
	count++;
	failing = count >= nth && count < nth + times;
	pthread_mutex_unlock(&lock);
	return failing ? code : 0;
}

static int fault_of(const char *operation, int fd)
{
	char link[64], path[4096];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof path - 1);
	if (length <= 0)
		return 0;
	path[length] = 0;
	return fault(operation, path);
}

#define ON_FILE(type, name, operation, parameters, arguments)            \
	type name parameters                                              \
	{                                                                 \
		int before = errno;                                       \
		int code = fault_of(operation, fd);                       \
		if (code) {                                               \
			errno = code;                                     \
			return -1;                                        \
		}                                                         \
		errno = before;                                           \
		type(*real) parameters = dlsym(RTLD_NEXT, #name);         \
		return real arguments;                                    \
	}

ON_FILE(int, fsync, "sync", (int fd), (fd))
ON_FILE(int, fdatasync, "sync", (int fd), (fd))
ON_FILE(ssize_t, write, "write", (int fd, const void *bytes, size_t size), (fd, bytes, size))
ON_FILE(ssize_t, pwrite, "write", (int fd, const void *bytes, size_t size, off_t at), (fd, bytes, size, at))
ON_FILE(ssize_t, pwrite64, "write", (int fd, const void *bytes, size_t size, off64_t at), (fd, bytes, size, at))
ON_FILE(ssize_t, writev, "write", (int fd, const struct iovec *parts, int size), (fd, parts, size))
ON_FILE(ssize_t, pwritev, "write", (int fd, const struct iovec *parts, int size, off_t at), (fd, parts, size, at))
ON_FILE(ssize_t, pwritev64, "write", (int fd, const struct iovec *parts, int size, off64_t at), (fd, parts, size, at))

int rename(const char *from, const char *to)
{
	int code = fault("rename", to);
	if (code) {
		errno = code;
		return -1;
	}
	int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
	return real(from, to);
}
