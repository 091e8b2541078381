// Matrix products: OpenBLAS on one thread, called by our pool on blocks of rows or columns, so that
// only one thread runtime lives in the process.
#include "kernels.h"

#include <cblas.h>

typedef struct {
  bool transpose_a, transpose_b, by_columns;
  ptrdiff_t m, n, k;
  const float *a, *b;
  float beta;
  float *c;
} product;

static void block(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const product *p = context;
  const ptrdiff_t count = end - begin;
  const float *a = p->a, *b = p->b;
  float *c = p->c;
  ptrdiff_t m = p->m, n = p->n;
  if (p->by_columns) {
    n = count;
    b += p->transpose_b ? begin * p->k : begin;
    c += begin;
  } else {
    m = count;
    a += p->transpose_a ? begin : begin * p->k;
    c += begin * p->n;
  }
  cblas_sgemm(
    CblasRowMajor, p->transpose_a ? CblasTrans : CblasNoTrans,
    p->transpose_b ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)p->k, 1.0f, a,
    (int)(p->transpose_a ? p->m : p->k), b, (int)(p->transpose_b ? p->k : p->n), p->beta, c,
    (int)p->n);
}

void dept_gemm(
  bool transpose_a, bool transpose_b, ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a,
  const float *b, float beta, float *c) {
  if (m == 0 || n == 0) return;
  if (k == 0) {  // A sum of nothing, which the library refuses for its strides of 0.
    for (ptrdiff_t i = 0; i < m * n; i++) c[i] = beta == 0 ? 0 : beta * c[i];
    return;
  }
  product p = {transpose_a, transpose_b, n > 2 * m, m, n, k, a, b, beta, c};
  const ptrdiff_t count = p.by_columns ? n : m;
  const double work = 2.0 * (double)m * (double)n * (double)k;
  // Below about 20 microseconds of work a second thread costs more than it brings.
  dept_parallel(count, work < 1e6 ? count : 8, block, &p);
}

const char *dept_gemm_library(void) { return openblas_get_config(); }
