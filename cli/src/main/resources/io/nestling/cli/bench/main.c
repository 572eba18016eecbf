/*
 * The benchmark program: a set of small kernels, each of a fixed amount of work.
 *
 *   cpubench [-r TIMES] NAME...     runs the kernels of these names, "all" for all, TIMES times each
 *
 * One line per run: "cpubench NAME RUN VALUE UNIT SECONDS CHECK". As process 1 (/init of a guest) it takes the names,
 * separated by commas, from the kernel's command line (bench=NAME,NAME), the repetitions from repeat=TIMES, how many
 * processes run each kernel at the same time from parallel=COPIES, and powers the guest off at the end.
 */
#include "cpubench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const char *own_path = "/init";
static int copies = 1;

static const struct kernel *const families[] = {
    integer_kernels, memory_kernels, float_kernels, vector_kernels, system_kernels,
};

void fail(const char *what) {
    fprintf(stderr, "cpubench: %s: %s\n", what, strerror(errno));
    exit(1);
}

void *get_memory(size_t bytes) {
    void *memory = aligned_alloc(4096, (bytes + 4095) & -(size_t) 4096);
    if (memory == NULL) {
        fail("memory");
    }
    return memory;
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static void run(const struct kernel *kernel, int times) {
    for (int i = 1; i <= times; i++) {
        double begun = now();
        struct result result = kernel->run();
        double seconds = now() - begun;
        printf("cpubench %s %d %.3f %s %.6f %016llx\n", kernel->name, i, result.operations / kernel->scale / seconds,
               kernel->unit, seconds, (unsigned long long) result.check);
        fflush(stdout);
    }
}

/* Runs a kernel in processes of its own, so that no kernel finds the heap another one left. */
static int run_apart(const struct kernel *kernel, int times) {
    fflush(stdout);
    for (int i = 0; i < copies; i++) {
        pid_t child = fork();
        if (child < 0) {
            fail("fork");
        }
        if (child == 0) {
            run(kernel, times);
            exit(0);
        }
    }
    int bad = 0;
    for (int i = 0; i < copies; i++) {
        int status = 0;
        if (wait(&status) < 0 || status != 0) {
            printf("cpubench %s failed with status 0x%x\n", kernel->name, status);
            bad = 1;
        }
    }
    return bad;
}

static int run_named(const char *name, int times) {
    int found = 0;
    int bad = 0;
    for (size_t f = 0; f < sizeof families / sizeof families[0]; f++) {
        for (const struct kernel *k = families[f]; k->name != NULL; k++) {
            if (strcmp(name, "all") == 0 || strcmp(name, k->name) == 0) {
                found = 1;
                bad |= run_apart(k, times);
            }
        }
    }
    if (!found) {
        printf("cpubench %s unknown\n", name);
    }
    return bad || !found;
}

static void be_init(void) {
    mkdir("/proc", 0755);
    mount("proc", "/proc", "proc", 0, NULL);
    const char *names = getenv("bench");
    const char *repeat = getenv("repeat");
    char *list = strdup(names == NULL ? "all" : names);
    int times = repeat == NULL ? 1 : atoi(repeat);
    const char *parallel = getenv("parallel");
    copies = parallel == NULL ? 1 : atoi(parallel);
    printf("nestling: userspace reached\n");
    for (char *name = strtok(list, ","); name != NULL; name = strtok(NULL, ",")) {
        run_named(name, times);
    }
    printf("cpubench done\n");
    fflush(stdout);
    sync();
    reboot(RB_POWER_OFF);
}

int main(int argc, char **argv) {
    if (getpid() == 1) {
        be_init();
    }
    own_path = argv[0];
    int times = 1;
    int bad = 0;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-r") == 0 && i + 1 < argc) {
            times = atoi(argv[++i]);
        } else if (strcmp(argv[i], "--nothing") == 0) {
            return 0;
        } else {
            bad |= run_named(argv[i], times);
        }
    }
    return bad;
}
