#include "kernels.h"
#include "vectorized.h"

enum { grain = 16384 };

typedef struct {
  const float *a, *b;
  float *y;
  float factor;
  ptrdiff_t width;
} operands;

VECTORIZED static void add_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const float *a = o->a, *b = o->b;
  float *y = o->y;
  for (ptrdiff_t i = begin; i < end; i++) y[i] = a[i] + b[i];
}

void dept_add(ptrdiff_t count, const float *a, const float *b, float *y) {
  operands o = {a, b, y, 0, 0};
  dept_parallel(count, grain, add_body, &o);
}

VECTORIZED static void multiply_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const float *a = o->a, *b = o->b;
  float *y = o->y;
  for (ptrdiff_t i = begin; i < end; i++) y[i] = a[i] * b[i];
}

void dept_multiply(ptrdiff_t count, const float *a, const float *b, float *y) {
  operands o = {a, b, y, 0, 0};
  dept_parallel(count, grain, multiply_body, &o);
}

VECTORIZED static void scale_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const float *a = o->a;
  float *y = o->y;
  const float factor = o->factor;
  for (ptrdiff_t i = begin; i < end; i++) y[i] = factor * a[i];
}

void dept_scale(ptrdiff_t count, float factor, const float *x, float *y) {
  operands o = {x, 0, y, factor, 0};
  dept_parallel(count, grain, scale_body, &o);
}

VECTORIZED static void add_row_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  const float *row = o->b;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->a + i * width;
    float *y = o->y + i * width;
    for (ptrdiff_t j = 0; j < width; j++) y[j] = x[j] + row[j];
  }
}

void dept_add_row(ptrdiff_t rows, ptrdiff_t width, const float *x, const float *row, float *y) {
  operands o = {x, row, y, 0, width};
  dept_parallel(rows, 1 + grain / width, add_row_body, &o);
}

VECTORIZED static void multiply_row_body(
  void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const operands *o = context;
  const ptrdiff_t width = o->width;
  const float *row = o->b;
  for (ptrdiff_t i = begin; i < end; i++) {
    const float *x = o->a + i * width;
    float *y = o->y + i * width;
    for (ptrdiff_t j = 0; j < width; j++) y[j] = x[j] * row[j];
  }
}

void dept_multiply_row(
  ptrdiff_t rows, ptrdiff_t width, const float *x, const float *row, float *y) {
  operands o = {x, row, y, 0, width};
  dept_parallel(rows, 1 + grain / width, multiply_row_body, &o);
}

typedef struct {
  ptrdiff_t rows, width;
  const float *x, *y;
  float *sum;
} columns;

// Split by columns: every sum is made by one thread, in row order.
VECTORIZED static void sum_rows_body(void *context, ptrdiff_t begin, ptrdiff_t end, int worker) {
  (void)worker;
  const columns *c = context;
  float *sum = c->sum;
  for (ptrdiff_t j = begin; j < end; j++) sum[j] = 0;
  for (ptrdiff_t i = 0; i < c->rows; i++) {
    const float *x = c->x + i * c->width;
    if (c->y) {
      const float *y = c->y + i * c->width;
      for (ptrdiff_t j = begin; j < end; j++) sum[j] += x[j] * y[j];
    } else {
      for (ptrdiff_t j = begin; j < end; j++) sum[j] += x[j];
    }
  }
}

void dept_sum_rows(ptrdiff_t rows, ptrdiff_t width, const float *x, float *sum) {
  columns c = {rows, width, x, 0, sum};
  dept_parallel(width, 64, sum_rows_body, &c);
}

void dept_sum_row_products(
  ptrdiff_t rows, ptrdiff_t width, const float *x, const float *y, float *sum) {
  columns c = {rows, width, x, y, sum};
  dept_parallel(width, 64, sum_rows_body, &c);
}

VECTORIZED double dept_sum(ptrdiff_t count, const float *x) {
  FAST_REDUCTIONS
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)x[i];
  return sum;
}

VECTORIZED double dept_sum_squares(ptrdiff_t count, const float *x) {
  FAST_REDUCTIONS
  double sum = 0;
  for (ptrdiff_t i = 0; i < count; i++) sum += (double)x[i] * (double)x[i];
  return sum;
}
