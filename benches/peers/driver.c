/* Sums a term that CasADi wrote as C over rows, with the entries of its derivatives sent to their slots. */

#include <string.h>
#include <time.h>

typedef int term(const double **arg, double **res, long long *iw, double *w, int mem);

struct part {
    term *term;
    long long rows, columns, locals, entries;
    const double *data;
    const long long *places; /* rows × locals, or null: every row sees all parameters */
    const long long *slots;  /* rows × entries, or entries where places is null */
};

static void add(const struct part *part, const double *x, const double **arg, double **res, long long *iw, double *w,
                double *value, double *gradient, double *hessian) {
    double local[64], e;
    double *g = w, *h = w + part->locals, *rest = h + part->entries;
    for (long long r = 0; r < part->rows; r++) {
        const long long *place = part->places ? part->places + r * part->locals : 0;
        if (place)
            for (long long k = 0; k < part->locals; k++) local[k] = x[place[k]];
        arg[0] = place ? local : x;
        arg[1] = part->data + r * part->columns;
        res[0] = &e, res[1] = g, res[2] = h;
        part->term(arg, res, iw, rest, 0);
        *value += e;
        if (place) {
            const long long *slot = part->slots + r * part->entries;
            for (long long k = 0; k < part->locals; k++) gradient[place[k]] += g[k];
            for (long long k = 0; k < part->entries; k++) hessian[slot[k]] += h[k];
        } else {
            for (long long k = 0; k < part->locals; k++) gradient[k] += g[k];
            for (long long k = 0; k < part->entries; k++) hessian[part->slots[k]] += h[k];
        }
    }
}

/* The seconds of so many calls. */
double run(long long calls, const struct part *parts, long long count, const double *x, const double **arg,
           double **res, long long *iw, double *w, double *value, double *gradient, long long n, double *hessian,
           long long slots) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (long long call = 0; call < calls; call++) {
        *value = 0;
        memset(gradient, 0, n * sizeof *gradient);
        memset(hessian, 0, slots * sizeof *hessian);
        for (long long p = 0; p < count; p++) add(parts + p, x, arg, res, iw, w, value, gradient, hessian);
        __asm__ volatile("" : : "r"(gradient), "r"(hessian) : "memory");
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (double)(end.tv_sec - start.tv_sec) + 1e-9 * (double)(end.tv_nsec - start.tv_nsec);
}
