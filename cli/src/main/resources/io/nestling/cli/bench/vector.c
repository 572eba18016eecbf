/* VMX and VSX kernels: the C library's string functions for POWER9, vector arithmetic and the vector-crypto instructions. */
#include "cpubench.h"

#include <altivec.h>
#include <stdlib.h>
#include <string.h>

typedef __vector unsigned char bytes16;
typedef __vector unsigned int words4;
typedef __vector unsigned long long doubles2;
typedef __vector double reals2;

/* memcpy of 1 MB. */
static struct result copy(void) {
    enum { BYTES = 1 << 20, ROUNDS = 2500 };
    char *from = get_memory(BYTES), *to = get_memory(BYTES);
    for (int i = 0; i < BYTES; i++) {
        from[i] = (char) (i * 7 + (i >> 8));
    }
    for (int round = 0; round < ROUNDS; round++) {
        from[round] ^= 1;
        memcpy(to, from, BYTES);
        __asm__ volatile("" : : "r"(to) : "memory");
    }
    uint64_t check = 0;
    for (int i = 0; i < BYTES; i++) {
        check = fold(check, (uint8_t) to[i]);
    }
    free(from);
    free(to);
    return (struct result) {(double) BYTES * ROUNDS, check};
}

/* strlen, strchr, strcmp and memchr on strings of up to 500 characters. */
static struct result strings(void) {
    enum { COUNT = 64, LENGTH = 512, ROUNDS = 25000 };
    static char text[COUNT][LENGTH];
    for (int i = 0; i < COUNT; i++) {
        int length = 20 + i * 7;
        for (int j = 0; j < length; j++) {
            text[i][j] = (char) ('a' + j % 20);
        }
        text[i][length] = 0;
        text[i][length - 3] = 'z';
    }
    uint64_t check = 0;
    double scanned = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < COUNT; i++) {
            __asm__ volatile("" ::: "memory");
            size_t length = strlen(text[i]);
            char *z = strchr(text[i], 'z');
            int order = strcmp(text[i], text[(i + 1) % COUNT]);
            char *y = memchr(text[i], 'z', length);
            check += length * 3 + (uint64_t) (z - text[i]) + (order < 0) + (uint64_t) (y - text[i]);
            scanned += (double) length * 4;
        }
    }
    return (struct result) {scanned, check};
}

/* AES-like rounds: eight independent blocks through vcipher. */
static struct result aes(void) {
    enum { BLOCKS = 8, ROUNDS = 10, TIMES = 800 * 1000 };
    doubles2 state[BLOCKS], key[ROUNDS];
    for (uint64_t i = 0; i < ROUNDS; i++) {
        key[i] = (doubles2) {i * 0x0123456789abcdefULL + 1, ~i * 0x0f1e2d3c4b5a6978ULL};
    }
    for (uint64_t i = 0; i < BLOCKS; i++) {
        state[i] = (doubles2) {i, i << 32};
    }
    for (int t = 0; t < TIMES; t++) {
        for (int r = 0; r < ROUNDS - 1; r++) {
            for (int b = 0; b < BLOCKS; b++) {
                __asm__("vcipher %0,%1,%2" : "=v"(state[b]) : "v"(state[b]), "v"(key[r]));
            }
        }
        for (int b = 0; b < BLOCKS; b++) {
            __asm__("vcipherlast %0,%1,%2" : "=v"(state[b]) : "v"(state[b]), "v"(key[ROUNDS - 1]));
        }
    }
    uint64_t check = 0;
    for (int b = 0; b < BLOCKS; b++) {
        check = fold(fold(check, state[b][0]), state[b][1]);
    }
    return (struct result) {16.0 * BLOCKS * TIMES, check};
}

/* SHA-256's compression with its sigma functions by vshasigmaw, four words of the message schedule in a vector. */
static struct result sha(void) {
    enum { TIMES = 250 * 1000 };
    words4 h[2] = {{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a}, {0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
    words4 w[16];
    for (unsigned i = 0; i < 16; i++) {
        w[i] = (words4) {i * 0x01010101U, i * 0x11111111U, ~i, i << 28 | i};
    }
    for (int t = 0; t < TIMES; t++) {
        words4 a = h[0], e = h[1], b = a ^ e, f = e + a;
        for (int i = 0; i < 64; i++) {
            words4 s0, s1, big0, big1;
            __asm__("vshasigmaw %0,%1,0,0" : "=v"(s0) : "v"(w[(i + 1) & 15]));
            __asm__("vshasigmaw %0,%1,0,15" : "=v"(s1) : "v"(w[(i + 14) & 15]));
            __asm__("vshasigmaw %0,%1,1,0" : "=v"(big0) : "v"(a));
            __asm__("vshasigmaw %0,%1,1,15" : "=v"(big1) : "v"(e));
            words4 next = w[i & 15] + s0 + w[(i + 9) & 15] + s1;
            w[i & 15] = next;
            words4 choose = vec_sel(f, b, e);
            words4 majority = vec_sel(b, f, a ^ b);
            words4 one = f + big1 + choose + next;
            f = e;
            e = vec_sld(a, a, 4) + one;
            b = a;
            a = one + big0 + majority;
        }
        h[0] += a;
        h[1] += e;
    }
    uint64_t check = 0;
    for (int i = 0; i < 4; i++) {
        check = fold(fold(check, h[0][i]), h[1][i]);
    }
    return (struct result) {64.0 * TIMES, check};
}

/* Byte-wise work: additions that saturate, comparisons, permutes, selects. */
static struct result integers(void) {
    enum { BYTES = 16 * 1024, ROUNDS = 60000 };
    bytes16 *data = get_memory(BYTES);
    for (int i = 0; i < BYTES; i++) {
        ((uint8_t *) data)[i] = (uint8_t) (i * 37);
    }
    const bytes16 turn = {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12};
    bytes16 total = vec_splats((unsigned char) 1);
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < BYTES / 16; i++) {
            bytes16 x = data[i];
            bytes16 y = vec_perm(x, total, turn);
            bytes16 larger = (bytes16) vec_cmpgt(x, total);
            total = vec_sel(vec_adds(y, x), total ^ y, larger);
        }
    }
    uint64_t check = 0;
    for (int i = 0; i < 16; i++) {
        check = fold(check, total[i]);
    }
    free(data);
    return (struct result) {(double) BYTES * ROUNDS, check};
}

/* y = a x + y on pairs of doubles. */
static struct result axpy(void) {
    enum { PAIRS = 2048, ROUNDS = 15000 };
    reals2 *x = get_memory(PAIRS * 16), *y = get_memory(PAIRS * 16);
    for (int i = 0; i < PAIRS; i++) {
        x[i] = (reals2) {1.0 / (i + 1), i * 0.5};
        y[i] = (reals2) {i, -i};
    }
    for (int round = 0; round < ROUNDS; round++) {
        double factor = round % 2 ? 0.75 : -0.5;
        reals2 a = {factor, factor};
        for (int i = 0; i < PAIRS; i++) {
            y[i] = vec_madd(a, x[i], y[i]);
        }
    }
    uint64_t check = 0;
    for (int i = 0; i < PAIRS; i++) {
        check = fold(fold(check, bits_of(y[i][0])), bits_of(y[i][1]));
    }
    free(x);
    free(y);
    return (struct result) {4.0 * PAIRS * ROUNDS, check};
}

const struct kernel vector_kernels[] = {
    {"memcpy", "MB/s", 1e6, copy},
    {"strings", "MB/s", 1e6, strings},
    {"vaes", "MB/s", 1e6, aes},
    {"vsha", "Mrounds/s", 1e6, sha},
    {"vbytes", "MB/s", 1e6, integers},
    {"vaxpy", "MFLOPS", 1e6, axpy},
    {0},
};
