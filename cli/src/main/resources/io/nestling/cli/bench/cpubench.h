/* What the files of the benchmark program share. */
#ifndef CPUBENCH_H
#define CPUBENCH_H

#include <stddef.h>
#include <stdint.h>

/* What one run of a kernel did: how many operations, and a value that must be the same on every machine. */
struct result {
    double operations;
    uint64_t check;
};

/* One benchmark. It does a fixed amount of work: about a second on QEMU's translator on a desktop of 2020. */
struct kernel {
    const char *name;
    const char *unit; /* what an operation is, with its scale: the value printed is operations / scale / seconds */
    double scale;
    struct result (*run)(void);
};

extern const struct kernel integer_kernels[];
extern const struct kernel memory_kernels[];
extern const struct kernel float_kernels[];
extern const struct kernel vector_kernels[];
extern const struct kernel system_kernels[];

/* Where system_kernels finds this program to execute it again. */
extern const char *own_path;

/* Pseudo-random numbers (xorshift64*), the same everywhere. */
static inline uint64_t next_random(uint64_t *state) {
    uint64_t x = *state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * 0x2545f4914f6cdd1dULL;
}

/* Folds a value into a check. */
static inline uint64_t fold(uint64_t check, uint64_t value) {
    return (check ^ value) * 0x100000001b3ULL;
}

static inline uint64_t bits_of(double value) {
    union {
        double d;
        uint64_t u;
    } both = {.d = value};
    return both.u;
}

void *get_memory(size_t bytes);

/* Ends the program after a failed call. */
void fail(const char *what);

#endif
