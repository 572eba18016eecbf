/*
 * Reads of a disk, in the guest: sequential ones past the page cache and through it, random ones one at a time and eight at
 * a time. Prints for each a speed and a sum of what was read, which is the same on every emulator.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 8, LARGEST = 1 << 20 };

static int report;
static const char *device;
static uint64_t size;

struct reads {
    int flags;
    size_t length;
    int count;
    int random;
    uint64_t seed;
    uint64_t sum;
};

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void *run(void *argument) {
    struct reads *r = argument;
    int fd = open(device, O_RDONLY | r->flags);
    uint64_t *buffer;
    if (fd < 0 || posix_memalign((void **) &buffer, 1 << 16, LARGEST)) {
        perror(device);
        exit(1);
    }
    if (!(r->flags & O_DIRECT)) {
        posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    }
    uint64_t x = r->seed;
    for (int i = 0; i < r->count; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        off_t at = r->random ? x % (size / r->length) * r->length : (uint64_t) i * r->length % size;
        if (pread(fd, buffer, r->length, at) != (ssize_t) r->length) {
            perror("read");
            exit(1);
        }
        r->sum += buffer[0] ^ buffer[r->length / 8 - 1];
    }
    free(buffer);
    close(fd);
    return NULL;
}

static void measure(const char *name, int flags, size_t length, int count, int random, int threads) {
    struct reads r[THREADS];
    pthread_t t[THREADS];
    double begun = now();
    for (int i = 0; i < threads; i++) {
        r[i] = (struct reads) {flags, length, count / threads, random, 88172645463325252ull + i, 0};
        pthread_create(&t[i], NULL, run, &r[i]);
    }
    uint64_t sum = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(t[i], NULL);
        sum += r[i].sum;
    }
    double seconds = now() - begun;
    double reads = count / threads * threads;
    if (!report) {
        return;
    }
    printf("iobench %s %.3f %s %016llx\n", name, random ? reads / seconds : reads * length / seconds / 1e6,
            random ? "reads/s" : "MB/s", (unsigned long long) sum);
    fflush(stdout);
}

int main(int argc, char **argv) {
    device = argc > 1 ? argv[1] : "/dev/vda";
    int fd = open(device, O_RDONLY);
    off_t end = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);
    if (end < LARGEST) {
        perror(device);
        return 1;
    }
    size = end;
    close(fd);
    int megabytes = size >> 20;
    // The first time only warms up. What bypasses the page cache is read several times over, or it would be a matter of milliseconds.
    for (report = 0; report < 2; report++) {
        measure("sequential-1M", O_DIRECT, 1 << 20, megabytes * 8, 0, 1);
        measure("sequential-64K", O_DIRECT, 1 << 16, megabytes * 32, 0, 1);
        measure("sequential-cached", 0, 1 << 16, megabytes * 16, 0, 1);
        measure("random-4K", O_DIRECT, 1 << 12, 4000, 1, 1);
        measure("random-64K", O_DIRECT, 1 << 16, 2000, 1, 1);
        measure("random-4K-depth-8", O_DIRECT, 1 << 12, 8000, 1, THREADS);
    }
    puts("iobench done");
    return 0;
}
