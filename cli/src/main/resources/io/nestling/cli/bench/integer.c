/* Integer kernels: arithmetic, tables, branches, calls. */
#include "cpubench.h"

#include <stdlib.h>
#include <string.h>

/* Arithmetic, shifts and a branch that goes either way; no memory. */
static struct result alu(void) {
    enum { ROUNDS = 100 * 1000 * 1000 };
    uint64_t a = 0x9e3779b97f4a7c15ULL, b = 1, c = 0;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        a ^= a << 13;
        a ^= a >> 7;
        a ^= a << 17;
        b = b * 3 + (a & 0xff);
        if ((int64_t) a < (int64_t) b) {
            c += b >> 3;
        } else {
            c ^= a + i;
        }
    }
    return (struct result) {ROUNDS, fold(fold(a, b), c)};
}

/* CRC-32 a byte at a time through a table of 1 KB. */
static struct result crc(void) {
    enum { BYTES = 64 * 1024, ROUNDS = 3000 };
    static uint32_t table[256];
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t x = i;
        for (int bit = 0; bit < 8; bit++) {
            x = x & 1 ? x >> 1 ^ 0xedb88320U : x >> 1;
        }
        table[i] = x;
    }
    uint8_t *bytes = get_memory(BYTES);
    uint64_t seed = 1;
    for (int i = 0; i < BYTES; i++) {
        bytes[i] = (uint8_t) next_random(&seed);
    }
    uint32_t sum = ~0U;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < BYTES; i++) {
            sum = table[(sum ^ bytes[i]) & 0xff] ^ sum >> 8;
        }
    }
    free(bytes);
    return (struct result) {(double) BYTES * ROUNDS, sum};
}

/* The sieve of Eratosthenes over 256 K bytes. */
static struct result sieve(void) {
    enum { LIMIT = 256 * 1024, ROUNDS = 450 };
    uint8_t *composite = get_memory(LIMIT);
    uint64_t primes = 0, sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < LIMIT; i++) {
            ((volatile uint8_t *) composite)[i] = 0;
        }
        for (uint64_t i = 2; i < LIMIT; i++) {
            if (!composite[i]) {
                primes++;
                sum += i;
                for (uint64_t j = i * i; j < LIMIT; j += i) {
                    composite[j] = 1;
                }
            }
        }
    }
    free(composite);
    return (struct result) {(double) LIMIT * ROUNDS, fold(primes, sum)};
}

/* A mix in the manner of CoreMark: a linked list sorted by two keys, a small matrix product, a state machine, a CRC. */
struct node {
    struct node *next;
    int16_t key, data;
};

static struct node *merge_sort(struct node *list, int by_data) {
    for (int size = 1;; size *= 2) {
        struct node *rest = list, *tail = NULL;
        list = NULL;
        int merges = 0;
        while (rest != NULL) {
            struct node *p = rest, *q = rest;
            int ps = 0, qs = size;
            merges++;
            while (ps < size && q != NULL) {
                ps++;
                q = q->next;
            }
            while (ps > 0 || (qs > 0 && q != NULL)) {
                int from_p = ps > 0 && (qs == 0 || q == NULL || (by_data ? p->data <= q->data : p->key <= q->key));
                struct node *e;
                if (from_p) {
                    e = p;
                    p = p->next;
                    ps--;
                } else {
                    e = q;
                    q = q->next;
                    qs--;
                }
                if (tail != NULL) {
                    tail->next = e;
                } else {
                    list = e;
                }
                tail = e;
            }
            rest = q;
        }
        tail->next = NULL;
        if (merges <= 1) {
            return list;
        }
    }
}

static uint16_t crc16(uint16_t sum, uint16_t data) {
    for (int i = 0; i < 16; i++) {
        uint16_t carry = (sum ^ data) & 1;
        data >>= 1;
        sum >>= 1;
        if (carry) {
            sum ^= 0xa001;
        }
    }
    return sum;
}

enum state { START, SIGN, INTEGER, DOT, FRACTION, EXPONENT, EXPONENT_SIGN, DIGITS, BAD, STATES };

static enum state scan(const char **text, uint32_t *seen) {
    enum state s = START;
    const char *p = *text;
    for (; *p != ',' && *p != 0; p++) {
        char c = *p;
        int digit = c >= '0' && c <= '9';
        seen[s]++;
        switch (s) {
            case START: s = digit ? INTEGER : c == '+' || c == '-' ? SIGN : c == '.' ? DOT : BAD; break;
            case SIGN: s = digit ? INTEGER : c == '.' ? DOT : BAD; break;
            case INTEGER: s = digit ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT : BAD; break;
            case DOT: s = digit ? FRACTION : BAD; break;
            case FRACTION: s = digit ? FRACTION : c == 'e' ? EXPONENT : BAD; break;
            case EXPONENT: s = c == '+' || c == '-' ? EXPONENT_SIGN : digit ? DIGITS : BAD; break;
            case EXPONENT_SIGN: s = digit ? DIGITS : BAD; break;
            case DIGITS: s = digit ? DIGITS : BAD; break;
            default: break;
        }
    }
    *text = *p == ',' ? p + 1 : p;
    return s;
}

static struct result mix(void) {
    enum { NODES = 200, SIDE = 12, ROUNDS = 10000 };
    static const char *const words = "5012,1234,-874,+122,35.54400,.1234500,-110.700,+0.64400,5.500e+3,-.123e-2,"
                                     "-87e+832,+0.6e-12,T0.3e-1F,-T.T++Tq,1T3.4e4z,34.0e-T^";
    static struct node nodes[NODES];
    static int16_t a[SIDE][SIDE], b[SIDE][SIDE];
    static int32_t c[SIDE][SIDE];
    uint64_t seed = 7;
    uint16_t sum = 0;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < NODES; i++) {
            nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : NULL;
            nodes[i].key = (int16_t) next_random(&seed);
            nodes[i].data = (int16_t) (nodes[i].key * 7 + i);
        }
        struct node *list = merge_sort(nodes, 0);
        sum = crc16(sum, (uint16_t) list->data);
        list = merge_sort(list, 1);
        for (struct node *n = list; n != NULL; n = n->next) {
            sum = crc16(sum, (uint16_t) n->key);
        }
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                a[i][j] = (int16_t) (sum + i * j);
                b[i][j] = (int16_t) (round - i + j);
            }
        }
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                int32_t total = 0;
                for (int k = 0; k < SIDE; k++) {
                    total += (a[i][k] * b[k][j] >> 2 & 0xf) * (a[i][k] >> 5 & 0x7f);
                }
                c[i][j] = total;
                sum = crc16(sum, (uint16_t) c[i][j]);
            }
        }
        uint32_t seen[STATES] = {0}, ended[STATES] = {0};
        for (const char *p = words; *p != 0;) {
            ended[scan(&p, seen)]++;
        }
        for (int s = 0; s < STATES; s++) {
            sum = crc16(sum, (uint16_t) (seen[s] + ended[s]));
        }
    }
    return (struct result) {ROUNDS, sum};
}

/* Fibonacci numbers by recursion: calls, returns, the stack. */
__attribute__((noinline, noclone, optimize("no-optimize-sibling-calls"))) static uint64_t fibonacci(uint64_t n) {
    __asm__ volatile("" : "+r"(n));
    if (n < 2) {
        return n;
    }
    uint64_t one = fibonacci(n - 1);
    __asm__ volatile("" : "+r"(one));
    return one + fibonacci(n - 2);
}

static struct result fib(void) {
    /* fibonacci(n) makes 2 fibonacci(n + 1) - 1 calls. */
    uint64_t value = fibonacci(37);
    return (struct result) {2.0 * 39088169 - 1, value};
}

/* Calls through a table of 16 functions in an order that cannot be foretold. */
#define TARGET(n)                                                                                                          \
    __attribute__((noinline)) static uint64_t target##n(uint64_t x) {                                                      \
        return (x << (n % 5 + 1) ^ x >> 3) + n;                                                                            \
    }
TARGET(0) TARGET(1) TARGET(2) TARGET(3) TARGET(4) TARGET(5) TARGET(6) TARGET(7)
TARGET(8) TARGET(9) TARGET(10) TARGET(11) TARGET(12) TARGET(13) TARGET(14) TARGET(15)

static struct result indirect(void) {
    enum { CALLS = 30 * 1000 * 1000 };
    static uint64_t (*volatile const table[16])(uint64_t) = {
        target0, target1, target2, target3, target4, target5, target6, target7,
        target8, target9, target10, target11, target12, target13, target14, target15,
    };
    uint64_t seed = 3, x = 1;
    for (int i = 0; i < CALLS; i++) {
        seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
        x = table[seed >> 60](x);
    }
    return (struct result) {CALLS, x};
}

/* A small interpreter: a jump table in a loop. */
static struct result dispatch(void) {
    enum { STEPS = 100 * 1000 * 1000, CODE = 64 };
    static volatile uint8_t code[CODE];
    uint64_t seed = 11;
    for (int i = 0; i < CODE; i++) {
        code[i] = (uint8_t) (next_random(&seed) >> 61);
    }
    uint64_t a = 1, b = 2, pc = 0;
    for (int i = 0; i < STEPS; i++) {
        switch (code[pc]) {
            case 0: a += b; break;
            case 1: b ^= a; break;
            case 2: a = a << 1 | a >> 63; break;
            case 3: b -= a; break;
            case 4: a *= 5; break;
            case 5: b = b >> 3 | b << 61; break;
            case 6: a = ~a; break;
            case 7: b += 77; break;
        }
        pc = (pc + 1) % CODE;
    }
    return (struct result) {STEPS, fold(a, b)};
}

const struct kernel integer_kernels[] = {
    {"alu", "Mrounds/s", 1e6, alu},
    {"crc", "MB/s", 1e6, crc},
    {"sieve", "MB/s", 1e6, sieve},
    {"coremix", "rounds/s", 1, mix},
    {"fib", "Mcalls/s", 1e6, fib},
    {"indirect", "Mcalls/s", 1e6, indirect},
    {"switch", "Msteps/s", 1e6, dispatch},
    {0},
};
