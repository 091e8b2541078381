// Matrix products by OpenBLAS on one thread, called by our pool on blocks of rows or columns, so
// that only one thread runtime lives in the process. The reference, and the way on other
// processors.
#include "gemm.h"
#include "masks.h"

#include <cblas.h>
#include <stdlib.h>

typedef struct {
  const dept_product *p;
  const float *a, *b;
  bool by_columns;
} job;

static void block(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const job *j = context;
  const dept_product *p = j->p;
  const float *a = j->a, *b = j->b;
  float *c = p->c;
  ptrdiff_t m = p->m, n = p->n;
  if (j->by_columns) {
    n = end - begin;
    b += p->transpose_b ? begin * p->k : begin;
    c += begin;
  } else {
    m = end - begin;
    a += p->transpose_a ? begin : begin * p->k;
    c += begin * p->n;
  }
  cblas_sgemm(
    CblasRowMajor, p->transpose_a ? CblasTrans : CblasNoTrans,
    p->transpose_b ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)p->k, 1.0f, a,
    (int)(p->transpose_a ? p->m : p->k), b, (int)(p->transpose_b ? p->k : p->n),
    p->epilogue == DEPT_ACCUMULATE ? 1.0f : 0.0f, c, (int)p->n);
}

// MARK: What the tiles do on the way, in passes of its own.

typedef struct {
  const dept_product *p;
  float *out;
} edit;

static void edit_rows(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const edit *e = context;
  const dept_product *p = e->p;
  const uint32_t threshold = mask_threshold(p->edit_dropout);
  const float scale = 1.0f / (1.0f - p->edit_dropout);
  const ptrdiff_t width = p->transpose_a ? p->m : p->k, words = bit_words(width);
  for (ptrdiff_t i = begin; i < end; i++)
    for (ptrdiff_t j = 0; j < width; j++) {
      float x = p->a[i * width + j];
      bool keep = true;
      if (p->edit == DEPT_EDIT_DROPOUT)
        keep = mask_keeps(p->edit_key, mask_row(i, width) + (uint64_t)j, threshold);
      else if (p->edit == DEPT_EDIT_BITS)
        keep = p->edit_bits[i * words + j / 16] >> (j % 16) & 1;
      if (p->edit != DEPT_EDIT_NONE) x = keep ? x * scale : 0.0f;
      e->out[i * width + j] = p->rounding ? rounded_to_bfloat16(x) : x;
    }
}

static void widen_rows(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const edit *e = context;
  const dept_product *p = e->p;
  for (ptrdiff_t i = begin; i < end; i++) {
    if (p->b_element == DEPT_BFLOAT16) {
      const uint32_t bits = (uint32_t)((const uint16_t *)p->b)[i] << 16;
      memcpy(e->out + i, &bits, sizeof bits);
    } else {
      e->out[i] = rounded_to_bfloat16(((const float *)p->b)[i]);
    }
  }
}

static void finish_rows(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const dept_product *p = ((const edit *)context)->p;
  const uint32_t threshold = mask_threshold(p->dropout);
  const float scale = 1.0f / (1.0f - p->dropout);
  const ptrdiff_t words = bit_words(p->n);
  for (ptrdiff_t i = begin; i < end; i++) {
    float *c = p->c + i * p->n;
    if (p->bits) memset(p->bits + i * words, 0, (size_t)words * sizeof(uint16_t));
    for (ptrdiff_t j = 0; j < p->n; j++) {
      bool keep = true;
      if (p->dropout > 0) {
        keep = mask_keeps(p->key, mask_row(i, p->n) + (uint64_t)j, threshold);
        c[j] *= scale;
      }
      if (p->epilogue == DEPT_RELU) {
        keep = keep && !(c[j] <= 0);
        if (p->bits && keep) p->bits[i * words + j / 16] |= (uint16_t)(1u << (j % 16));
      }
      if (!keep) c[j] = 0;
      if (p->epilogue == DEPT_RESIDUAL) c[j] += p->residual[i * p->n + j];
    }
  }
}

void dept_library_product(const dept_product *p) {
  job j = {p, p->a, p->b, p->n > 2 * p->m};
  edit a = {p, NULL}, b = {p, NULL};
  if (p->edit != DEPT_EDIT_NONE || p->rounding) {
    a.out = malloc((size_t)(p->m * p->k) * sizeof(float));
    if (!a.out) abort();
    dept_parallel(p->transpose_a ? p->k : p->m, 8, edit_rows, &a);
    j.a = a.out;
  }
  if (p->b_element != DEPT_FLOAT32 || p->rounding) {
    b.out = malloc((size_t)(p->n * p->k) * sizeof(float));
    if (!b.out) abort();
    dept_parallel(p->n * p->k, 16384, widen_rows, &b);
    j.b = b.out;
  }
  // Below about 20 microseconds of work a second thread costs more than it brings.
  const double work = 2.0 * (double)p->m * (double)p->n * (double)p->k;
  const ptrdiff_t count = j.by_columns ? p->n : p->m;
  // One part a thread: the library is at its best with large blocks.
  const ptrdiff_t share = count / dept_threads();
  dept_parallel(count, work < 1e6 ? count : share < 8 ? 8 : share, block, &j);
  if (p->epilogue >= DEPT_RESIDUAL) dept_parallel(p->m, 1 + 8192 / p->n, finish_rows, &a);
  free(a.out);
  free(b.out);
}

const char *dept_gemm_library(void) { return openblas_get_config(); }
