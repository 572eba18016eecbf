/* Memory kernels: copying, and chains of dependent loads. */
#include "cpubench.h"

#include <stdlib.h>
#include <string.h>

/* Copies 64 KB doubleword by doubleword. */
static struct result copy(void) {
    enum { WORDS = 8 * 1024, ROUNDS = 60000 };
    uint64_t *from = get_memory(WORDS * 8), *to = get_memory(WORDS * 8);
    uint64_t seed = 5;
    for (int i = 0; i < WORDS; i++) {
        from[i] = next_random(&seed);
    }
    for (int round = 0; round < ROUNDS; round++) {
        from[round % WORDS]++;
        for (int i = 0; i < WORDS; i++) {
            to[i] = from[i];
            __asm__ volatile("" ::: "memory");
        }
    }
    uint64_t check = 0;
    for (int i = 0; i < WORDS; i++) {
        check = fold(check, to[i]);
    }
    free(from);
    free(to);
    return (struct result) {(double) WORDS * 8 * ROUNDS, check};
}

/* Follows a cycle of pointers that visits every line of 128 bytes once, in random order. */
static struct result chase(size_t bytes, uint64_t steps) {
    enum { LINE = 128 };
    size_t lines = bytes / LINE;
    char *memory = get_memory(bytes);
    uint32_t *order = get_memory(lines * sizeof *order);
    for (size_t i = 0; i < lines; i++) {
        order[i] = (uint32_t) i;
    }
    uint64_t seed = 17;
    for (size_t i = lines - 1; i > 0; i--) {
        size_t j = next_random(&seed) % (i + 1);
        uint32_t swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    for (size_t i = 0; i < lines; i++) {
        *(void **) (memory + (size_t) order[i] * LINE) = memory + (size_t) order[(i + 1) % lines] * LINE;
    }
    void **at = (void **) memory;
    for (uint64_t i = 0; i < steps; i++) {
        at = *at;
    }
    uint64_t check = (uint64_t) ((char *) at - memory);
    free(order);
    free(memory);
    return (struct result) {(double) steps, check};
}

static struct result chase_4m(void) {
    return chase(4 << 20, 5 * 1000 * 1000);
}

static struct result chase_16m(void) {
    return chase(16 << 20, 3 * 1000 * 1000);
}

static struct result chase_64m(void) {
    return chase(64 << 20, 2 * 1000 * 1000);
}

const struct kernel memory_kernels[] = {
    {"copy", "MB/s", 1e6, copy},
    {"chase4m", "Mloads/s", 1e6, chase_4m},
    {"chase16m", "Mloads/s", 1e6, chase_16m},
    {"chase64m", "Mloads/s", 1e6, chase_64m},
    {0},
};
