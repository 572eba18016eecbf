/* What needs the kernel: system calls, switches between processes, page faults, new processes. */
#include "cpubench.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static struct result system_call(void) {
    enum { CALLS = 400 * 1000 };
    uint64_t check = 0;
    for (int i = 0; i < CALLS; i++) {
        check += syscall(SYS_getppid) > 0;
    }
    return (struct result) {CALLS, check};
}

/* One byte goes back and forth between two processes. */
static struct result ping_pong(void) {
    enum { TRIPS = 8 * 1000 };
    int there[2], back[2];
    if (pipe(there) != 0 || pipe(back) != 0) {
        fail("pipe");
    }
    pid_t child = fork();
    if (child < 0) {
        fail("fork");
    }
    char byte = 0;
    if (child == 0) {
        for (int i = 0; i < TRIPS; i++) {
            if (read(there[0], &byte, 1) != 1) {
                _exit(1);
            }
            byte = (char) (byte * 3 + 1);
            if (write(back[1], &byte, 1) != 1) {
                _exit(1);
            }
        }
        _exit(0);
    }
    uint64_t check = 0;
    for (int i = 0; i < TRIPS; i++) {
        if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1) {
            fail("ping-pong");
        }
        check = fold(check, (uint8_t) byte);
    }
    int status = 0;
    waitpid(child, &status, 0);
    for (int i = 0; i < 2; i++) {
        close(there[i]);
        close(back[i]);
    }
    return (struct result) {TRIPS, fold(check, (uint64_t) status)};
}

/* Maps 4 MB, touches every page, unmaps. */
static struct result page_faults(void) {
    enum { BYTES = 4 << 20, ROUNDS = 800 };
    long page = sysconf(_SC_PAGESIZE);
    uint64_t check = 0;
    for (int round = 0; round < ROUNDS; round++) {
        char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) {
            fail("mmap");
        }
        for (long at = 0; at < BYTES; at += page) {
            check += (uint64_t) memory[at] + 1;
            memory[at] = (char) round;
        }
        munmap(memory, BYTES);
    }
    return (struct result) {(double) (BYTES / page) * ROUNDS, check};
}

static struct result fork_exit_wait(void) {
    enum { TIMES = 700 };
    uint64_t check = 0;
    for (int i = 0; i < TIMES; i++) {
        pid_t child = fork();
        if (child < 0) {
            fail("fork");
        }
        if (child == 0) {
            _exit(i & 127);
        }
        int status = 0;
        waitpid(child, &status, 0);
        check = fold(check, (uint64_t) WEXITSTATUS(status));
    }
    return (struct result) {TIMES, check};
}

static struct result fork_exec(void) {
    enum { TIMES = 250 };
    uint64_t check = 0;
    for (int i = 0; i < TIMES; i++) {
        pid_t child = fork();
        if (child < 0) {
            fail("fork");
        }
        if (child == 0) {
            execl(own_path, own_path, "--nothing", (char *) NULL);
            _exit(127);
        }
        int status = 0;
        waitpid(child, &status, 0);
        check = fold(check, (uint64_t) status);
    }
    return (struct result) {TIMES, check};
}

const struct kernel system_kernels[] = {
    {"syscall", "kcalls/s", 1e3, system_call},
    {"pipe", "ktrips/s", 1e3, ping_pong},
    {"fault", "kfaults/s", 1e3, page_faults},
    {"fork", "forks/s", 1, fork_exit_wait},
    {"exec", "execs/s", 1, fork_exec},
    {0},
};
