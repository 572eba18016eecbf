/* Floating-point kernels, scalar: the build keeps the compiler from making vectors of them. */
#include "cpubench.h"

#include <math.h>

/* The product of two 96x96 matrices. */
static struct result matmul(void) {
    enum { SIDE = 96, ROUNDS = 45 };
    static double a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];
    for (int i = 0; i < SIDE; i++) {
        for (int j = 0; j < SIDE; j++) {
            a[i][j] = 1.0 / (i + j + 1);
            b[i][j] = (i - j) / 7.0;
        }
    }
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < SIDE; i++) {
            for (int j = 0; j < SIDE; j++) {
                double sum = 0;
                for (int k = 0; k < SIDE; k++) {
                    sum += a[i][k] * b[k][j];
                }
                c[i][j] = sum;
            }
        }
        a[round % SIDE][0] = c[0][round % SIDE] / 3;
    }
    uint64_t check = 0;
    for (int i = 0; i < SIDE; i++) {
        check = fold(check, bits_of(c[i][i]));
    }
    return (struct result) {2.0 * SIDE * SIDE * SIDE * ROUNDS, check};
}

/* Five bodies under gravity. */
static struct result nbody(void) {
    enum { BODIES = 5, STEPS = 250 * 1000 };
    static double p[BODIES][3], v[BODIES][3], m[BODIES];
    uint64_t seed = 23;
    for (int i = 0; i < BODIES; i++) {
        for (int d = 0; d < 3; d++) {
            p[i][d] = (double) (next_random(&seed) >> 40) / (1 << 20) + 10 * i;
            v[i][d] = (double) (next_random(&seed) >> 40) / (1 << 26);
        }
        m[i] = 1 + i * 0.25;
    }
    const double step = 0.001;
    for (int s = 0; s < STEPS; s++) {
        for (int i = 0; i < BODIES; i++) {
            for (int j = i + 1; j < BODIES; j++) {
                double dx = p[i][0] - p[j][0], dy = p[i][1] - p[j][1], dz = p[i][2] - p[j][2];
                double square = dx * dx + dy * dy + dz * dz;
                double force = step / (square * sqrt(square));
                v[i][0] -= dx * m[j] * force;
                v[i][1] -= dy * m[j] * force;
                v[i][2] -= dz * m[j] * force;
                v[j][0] += dx * m[i] * force;
                v[j][1] += dy * m[i] * force;
                v[j][2] += dz * m[i] * force;
            }
        }
        for (int i = 0; i < BODIES; i++) {
            for (int d = 0; d < 3; d++) {
                p[i][d] += step * v[i][d];
            }
        }
    }
    uint64_t check = 0;
    for (int i = 0; i < BODIES; i++) {
        check = fold(check, bits_of(p[i][0]));
    }
    return (struct result) {STEPS, check};
}

/* The C library's sine, exponential and square root. */
static struct result trig(void) {
    enum { ROUNDS = 800 * 1000 };
    double sum = 0;
    for (int i = 0; i < ROUNDS; i++) {
        double x = i * 0.00017;
        sum += sin(x) + exp(-x / 50) + sqrt(x + 2);
    }
    return (struct result) {ROUNDS, bits_of(sum)};
}

const struct kernel float_kernels[] = {
    {"matmul", "MFLOPS", 1e6, matmul},
    {"nbody", "ksteps/s", 1e3, nbody},
    {"trig", "ktriples/s", 1e3, trig},
    {0},
};
